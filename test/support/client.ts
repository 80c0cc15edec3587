import { assertDocumented } from './openapi.js';
import type { PlainResponse, RunningApp } from './transport.js';

export interface Answer extends PlainResponse {
  // What a test looks into is what it asserts on.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly data: any;
  readonly error: {
    code: string;
    message: string;
    statusCode: number;
    requestId: string;
    details?: { field: string; code: string }[];
  };
}

export interface Options {
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: string | Buffer;
  readonly from?: string;
}

/** What registrations have answered, by address: the newest token of each. */
const registrationTokens = new Map<string, string>();

/** What confirms an address that was registered through a `Client`. */
export const confirmationOf = (email: string, code: string) => ({
  email,
  code,
  registrationToken: registrationTokens.get(email.toLowerCase()) ?? 'never registered',
});

function rememberRegistration(body: unknown, data: unknown): void {
  const { email } = (body ?? {}) as { email?: unknown };
  const { registrationToken } = (data ?? {}) as { registrationToken?: string };
  if (typeof email === 'string' && registrationToken !== undefined)
    registrationTokens.set(email.toLowerCase(), registrationToken);
}

/** Sends requests and holds every answer against the OpenAPI document. */
export class Client {
  constructor(
    private readonly app: Pick<RunningApp, 'send'>,
    private readonly defaults: Options = {},
  ) {}

  as(token: string): Client {
    return new Client(this.app, { ...this.defaults, token });
  }

  from(address: string): Client {
    return new Client(this.app, { ...this.defaults, from: address });
  }

  get(path: string, options?: Options) {
    return this.request('GET', path, options);
  }

  post(path: string, body?: unknown, options?: Options) {
    return this.request('POST', path, { body, ...options });
  }

  put(path: string, body?: unknown, options?: Options) {
    return this.request('PUT', path, { body, ...options });
  }

  patch(path: string, body?: unknown, options?: Options) {
    return this.request('PATCH', path, { body, ...options });
  }

  delete(path: string, options?: Options) {
    return this.request('DELETE', path, options);
  }

  async request(method: string, path: string, options: Options = {}): Promise<Answer> {
    const {
      token = this.defaults.token,
      headers = {},
      body,
      raw,
      from = this.defaults.from ?? '127.0.0.1',
    } = options;
    const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const request = {
      method,
      path,
      from,
      body: payload,
      headers: {
        ...(payload !== undefined && { 'Content-Type': 'application/json' }),
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...headers,
      },
    };
    const response = await this.app.send(request);
    assertDocumented(request, response);
    const json = response.headers['content-type']?.startsWith('application/json') && response.text !== '';
    const parsed = json ? (JSON.parse(response.text) as Record<string, unknown>) : {};
    rememberRegistration(body, parsed['data']);
    return { ...response, body: parsed, data: parsed['data'], error: parsed['error'] as Answer['error'] };
  }
}
