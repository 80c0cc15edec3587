/** One fault of one field of a request. */
export interface ErrorDetail {
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

/** An entry of the error catalogue. */
export interface ErrorDefinition {
  readonly code: string;
  readonly statusCode: number;
  readonly message: string;
}

const catalogue = new Map<string, ErrorDefinition>();

/**
 * Enters a code into the catalogue. A module's errors are defined once, in its `*.errors.ts`.
 * @throws {Error} when two places define one code: a fault in the code.
 */
export function defineError(code: string, statusCode: number, message: string): ErrorDefinition {
  if (catalogue.has(code)) throw new Error(`The error ${code} is defined twice`);
  const definition = Object.freeze({ code, statusCode, message });
  catalogue.set(code, definition);
  return definition;
}

export function errorCatalogue(): readonly ErrorDefinition[] {
  return [...catalogue.values()].sort((one, other) => (one.code < other.code ? -1 : 1));
}

interface Particulars {
  readonly details?: readonly ErrorDetail[];
  /** Instead of the catalogue's sentence. */
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that is not a success, by the code of the catalogue. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  readonly statusCode: number;
  readonly details: readonly ErrorDetail[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor({ code, statusCode, message }: ErrorDefinition, particulars: Particulars = {}) {
    super(particulars.message ?? message);
    this.code = code;
    this.statusCode = statusCode;
    this.details = particulars.details;
    this.headers = particulars.headers ?? {};
  }
}

type ErrorClass<E extends Error> = new (...values: never[]) => E;

const answers = new Map<unknown, (error: never) => ApiError>();

/** Says once with which answer an error of the platform leaves the API, wherever it was thrown. */
export function answerWith<E extends Error>(
  thrown: ErrorClass<E>,
  definition: ErrorDefinition,
  particulars: (error: E) => Particulars = () => ({}),
): void {
  answers.set(thrown, (error: E) => new ApiError(definition, particulars(error)));
}

export const answerOf = (error: Error): ApiError | undefined =>
  answers.get(error.constructor)?.(error as never);

/** Shorthand for a write's `orElse` and the like. */
export const failWith = (definition: ErrorDefinition) => () => new ApiError(definition);
