/** Where a list goes on. */
export class PageMeta {
  /** How many entries are on this page. */
  count!: number;
  /** For `cursor`; null on the last page. */
  nextCursor!: string | null;
}

export class ErrorDetailSchema {
  /** @example dueDate */
  field!: string;
  /** @example isDateOnly */
  code!: string;
  message!: string;
}

export class ErrorSchema {
  /** One of `GET /v1/errors`. */
  code!: string;
  message!: string;
  statusCode!: number;
  requestId?: string;
  /** Every fault of every field. */
  details?: ErrorDetailSchema[];
}

/** Every failure. */
export class ErrorEnvelope {
  success!: boolean;
  error!: ErrorSchema;
}
