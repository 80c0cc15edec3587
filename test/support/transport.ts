/** One request as a client writes it. */
export interface PlainRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | undefined;
  /** The client's address. */
  readonly from: string;
}

export interface PlainResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export type LogLine = Record<string, unknown> & { readonly message: string };

/** A running application, reached by a socket or by gateway events. */
export interface RunningApp {
  send(request: PlainRequest): Promise<PlainResponse>;
  readonly logs: readonly LogLine[];
  stop(): Promise<void>;
}
