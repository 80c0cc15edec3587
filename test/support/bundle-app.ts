import { Gateway } from './deployment/gateway.js';
import { templateOf } from './deployment/template.js';
import type { Environment } from './environment.js';
import { version2Event } from './gateway-events.js';
import { PackagedFunction } from './packaged-function.js';
import type { LogLine, PlainRequest, PlainResponse, RunningApp } from './transport.js';

interface GatewayResult {
  readonly statusCode: number;
  readonly headers?: Record<string, string>;
  readonly multiValueHeaders?: Record<string, string[]>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
  readonly cookies?: string[];
}

const API = 'api/dist/lambda.js';
const FILES: Readonly<Record<string, string>> = { api: API, images: 'images/dist/images-lambda.js' };

let gateway: Gateway | undefined;

/** The function that the deployed template routes a request to. */
function functionFor({ method, path }: PlainRequest): string {
  gateway ??= new Gateway(templateOf('dev'));
  return FILES[gateway.route(method.toUpperCase(), path.split('?')[0] ?? '')?.target ?? ''] ?? API;
}

/** The packaged functions behind what plays API Gateway. */
export class BundleApp implements RunningApp {
  readonly logs: LogLine[] = [];
  private readonly functions = new Map<string, PackagedFunction>();

  private constructor(private readonly environment: Environment) {}

  static async start(environment: Environment): Promise<BundleApp> {
    const app = new BundleApp(environment);
    app.running(API);
    return app;
  }

  /** Hands an event to the API's function. */
  async invoke(event: unknown, file = API): Promise<GatewayResult> {
    const { result, error } = await this.running(file).invoke(event);
    if (!result) throw new Error(error);
    return result as GatewayResult;
  }

  async send(request: PlainRequest): Promise<PlainResponse> {
    return plain(await this.invoke(version2Event(request), functionFor(request)));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.functions.values()].map((each) => each.stop()));
  }

  private running(file: string): PackagedFunction {
    const known = this.functions.get(file) ?? PackagedFunction.start(file, this.environment, this.logs);
    this.functions.set(file, known);
    return known;
  }
}

/** What the gateway makes of a function's answer. */
export function plain({
  statusCode,
  headers = {},
  multiValueHeaders = {},
  body,
  isBase64Encoded,
  cookies = [],
}: GatewayResult): PlainResponse {
  const joined = Object.entries(multiValueHeaders).map(([name, values]) => [name, values.join(',')]);
  const all = {
    ...headers,
    ...Object.fromEntries(joined),
    ...(cookies.length > 0 && { 'set-cookie': cookies.join(', ') }),
  } as Record<string, string>;
  const lowered = Object.fromEntries(Object.entries(all).map(([name, value]) => [name.toLowerCase(), value]));
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  return { status: statusCode, headers: lowered, text: bytes.toString() };
}
