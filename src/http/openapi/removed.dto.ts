/** What every DELETE of one resource gives. */
export class RemovedResponse {
  /** @format uuid */
  id!: string;
  deleted!: true;
}
