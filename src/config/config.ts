import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { canonicalEmail } from './email-address.js';
import { isProxyEntry } from './proxy-list.js';
import {
  ALIASES,
  Environment,
  ENVIRONMENT_NAMES,
  type LOG_LEVELS,
  type REGISTRATION_MODES,
} from './variables.js';

/** The configuration cannot be used; the message names every fault, one a line. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly faults: readonly string[]) {
    super(['The configuration cannot be used:', ...faults.map((fault) => `  - ${fault}`)].join('\n'));
  }
}

/** With which requests to AWS are signed. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The configuration of one process, read once and never changed. */
export interface Config {
  readonly stage: Environment['ENVIRONMENT'];
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly port: number;
  readonly host: string;
  /** Where clients reach the API, without a trailing slash; the issuer of local tokens. */
  readonly publicUrl: string;
  readonly corsOrigins: readonly string[];
  /** Names beside `publicUrl`'s by which a laptop's server may be called. */
  readonly allowedHosts: readonly string[];
  /** Whose X-Forwarded-For is believed: addresses, CIDRs, `loopback`, `private`. */
  readonly trustedProxies: readonly string[];
  /** Where a laptop keeps its database, secrets and outbox. */
  readonly dataDirectory: string;
  /** Whether the log tells CloudWatch what to count. */
  readonly metrics: boolean;
  /** Whether only CloudFront may call, which proves itself by the secret `origin-secret`. */
  readonly originCheck: boolean;
  /** Milliseconds within which every answer is given. */
  readonly responseDeadlineMs: number;
  readonly aws: {
    readonly region: string;
    readonly requestTimeoutMs: number;
    readonly connectionTimeoutMs: number;
    /** Whether the environment says with which credentials AWS is called; the SDK finds them there. */
    readonly hasCredentials: boolean;
  };
  readonly table: {
    readonly name: string;
    readonly endpoint: string | undefined;
    /** Of the database that this process has started itself. */
    readonly credentials?: Credentials;
  };
  readonly auth: {
    readonly provider: 'local' | 'cognito';
    readonly tokenUse: 'access' | 'id' | 'any';
    readonly clientId: string;
    readonly registration: (typeof REGISTRATION_MODES)[number];
    /** In one form (`canonicalEmail`). */
    readonly ownerEmail: string | undefined;
    /** Whether an address must be confirmed before its account is used; Cognito's always. */
    readonly emailConfirmation: boolean;
    /** Whether answers keep secret which addresses have an account. */
    readonly preventEnumeration: boolean;
    readonly passwordRequiresSymbols: boolean;
    /** Seconds within which a used refresh token is answered with its successor again. */
    readonly refreshGraceSeconds: number;
    /** Whether pages get their refresh token as a cookie, which no script can read. */
    readonly refreshCookie: boolean;
    /** Failed sign-ins on one account from one network before the next has to wait. */
    readonly freeFailures: number;
  };
  /** Where people use the front end; links in mails lead there. */
  readonly appUrl: string;
  /** Whether there is a front end: the API itself has no pages but those that mails of accounts lead to. */
  readonly hasFrontEnd: boolean;
  readonly mail: {
    readonly transport: 'outbox' | 'ses';
    readonly from: string;
    readonly endpoint: string | undefined;
    /** The one SNS topic that SES reports bounces and complaints to. */
    readonly topicArn: string | undefined;
  };
  /** Hosts that this server may push to. */
  readonly push: { readonly services: readonly string[] };
  readonly secrets: { readonly provider: 'file' | 'secrets-manager'; readonly endpoint: string | undefined };
  readonly rateLimits: {
    readonly authPerMinute: number;
    readonly trackingPerMinute: number;
    readonly chatPerMinute: number;
  };
  readonly chat: {
    /** Of one user. */
    readonly messagesPerDay: number;
    /** Milliseconds within which a message is answered. */
    readonly deadlineMs: number;
  };
  readonly ai: {
    /** Of an endpoint that speaks OpenAI's protocol, without a trailing slash; OpenRouter without it. */
    readonly baseUrl: string | undefined;
    /** Instead of the secret's `openRouterApiKey`. */
    readonly apiKey: string | undefined;
    /** The first answers, the others stand in for it. */
    readonly models: readonly string[];
    /** Milliseconds, per call. */
    readonly requestTimeoutMs: number;
    /** What a prompt may hold, by our estimate. */
    readonly promptTokens: number;
    /** What an answer may hold. */
    readonly answerTokens: number;
  };
  /** Over how many partitions one counter is spread. */
  readonly counterShards: number;
  readonly cognito: {
    readonly userPoolId: string;
    readonly clientId: string;
    /** Other clients of the pool whose tokens are accepted. */
    readonly acceptedClients: readonly string[];
    readonly region: string;
    readonly endpoint: string | undefined;
    /** Of the pool's tokens, where it is not what the endpoint or AWS says. */
    readonly issuer: string | undefined;
    readonly keySetUrl: string | undefined;
    readonly refreshRotation: boolean;
  };
  readonly storage: {
    readonly imagesBucket: string;
    readonly uploadsBucket: string;
    readonly endpoint: string | undefined;
    /** Under which everybody may read `images/`, without a trailing slash. */
    readonly publicUrl: string | undefined;
    /** Of the S3 that this process has started itself. */
    readonly credentials?: Credentials;
  };
}

/** The path under which clients reach the API, without a last slash: '' at the root of a domain. */
export const basePathOf = ({ publicUrl }: Config): string => new URL(publicUrl).pathname.replace(/\/+$/, '');

/** The injection token of the configuration. */
export const CONFIG = Symbol('Config');

/** By which the SDK finds credentials; they are its own, and not read here. */
const AWS_CREDENTIALS = [
  'AWS_ACCESS_KEY_ID',
  'AWS_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
];

/**
 * Reads and checks the environment.
 * @throws {ConfigurationError} with every fault at once.
 */
export function loadConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const given: Record<string, string> = {};
  for (const name of ENVIRONMENT_NAMES) {
    const value = variables[name];
    if (value !== undefined && value !== '') given[ALIASES[name] ?? name] ??= value;
  }
  const environment = plainToInstance(Environment, given, { exposeDefaultValues: true });
  const faults = validateSync(environment).flatMap(({ constraints }) => Object.values(constraints ?? {}));
  const development = environment.ENVIRONMENT === 'development' || environment.ENVIRONMENT === 'dev';
  const corsOrigins = environment.CORS_ORIGINS ?? (development ? ['*'] : []);
  if (!development && Array.isArray(corsOrigins) && corsOrigins.includes('*')) {
    faults.push(`CORS_ORIGINS may be * only in development and dev, not in ${environment.ENVIRONMENT}`);
  }
  // Whoever names a pool believes that it guards the API.
  const provider =
    environment.AUTH_PROVIDER ?? (environment.COGNITO_USER_POOL_ID === undefined ? 'local' : 'cognito');
  const cognito = provider === 'cognito';
  for (const name of ['COGNITO_USER_POOL_ID', 'COGNITO_CLIENT_ID'] as const) {
    if (cognito && environment[name] === undefined)
      faults.push(`${name} must be set for the identity provider cognito`);
  }
  const onLaptop = environment.ENVIRONMENT === 'development';
  const confirmation = environment.AUTH_EMAIL_CONFIRMATION ?? (onLaptop ? 'off' : 'required');
  if (environment.AUTH_PREVENT_ENUMERATION && confirmation === 'off' && !cognito) {
    faults.push(
      'AUTH_PREVENT_ENUMERATION needs AUTH_EMAIL_CONFIRMATION=required: who is signed in at once is known',
    );
  }
  for (const entry of environment.TRUSTED_PROXIES.filter((each) => !isProxyEntry(each))) {
    faults.push(
      `TRUSTED_PROXIES must hold addresses, CIDRs, loopback or private, and never all addresses: ${JSON.stringify(entry)}`,
    );
  }
  if (faults.length > 0) throw new ConfigurationError(faults);
  const publicUrl = (environment.PUBLIC_URL ?? `http://localhost:${environment.PORT}`).replace(/\/+$/, '');

  return Object.freeze({
    stage: environment.ENVIRONMENT,
    logLevel: environment.LOG_LEVEL ?? (development ? 'debug' : 'info'),
    port: environment.PORT,
    host: environment.HOST,
    publicUrl,
    appUrl: environment.APP_URL?.replace(/\/+$/, '') ?? publicUrl,
    hasFrontEnd: environment.APP_URL !== undefined,
    corsOrigins,
    allowedHosts: environment.ALLOWED_HOSTS,
    trustedProxies: environment.TRUSTED_PROXIES,
    dataDirectory: environment.HEARTH_DATA_DIR,
    metrics: environment.METRICS === 'emf',
    originCheck: environment.ORIGIN_CHECK,
    responseDeadlineMs: environment.RESPONSE_DEADLINE_MS,
    aws: {
      region: environment.AWS_REGION,
      requestTimeoutMs: environment.AWS_REQUEST_TIMEOUT_MS,
      connectionTimeoutMs: environment.AWS_CONNECTION_TIMEOUT_MS,
      hasCredentials: AWS_CREDENTIALS.some((name) => (variables[name] ?? '') !== ''),
    },
    table: { name: environment.DYNAMODB_TABLE_NAME, endpoint: environment.DYNAMODB_ENDPOINT },
    auth: {
      provider,
      tokenUse: environment.AUTH_TOKEN_USE,
      clientId: environment.AUTH_CLIENT_ID,
      registration: environment.REGISTRATION_MODE ?? (onLaptop ? 'open' : 'invite'),
      ownerEmail: environment.OWNER_EMAIL && canonicalEmail(environment.OWNER_EMAIL),
      emailConfirmation: confirmation === 'required',
      preventEnumeration: environment.AUTH_PREVENT_ENUMERATION,
      passwordRequiresSymbols: environment.PASSWORD_REQUIRE_SYMBOLS,
      refreshGraceSeconds: environment.REFRESH_GRACE_SECONDS,
      refreshCookie: environment.AUTH_REFRESH_COOKIE,
      freeFailures: environment.SIGN_IN_FREE_FAILURES,
    },
    mail: {
      transport: environment.MAIL_TRANSPORT,
      from: environment.MAIL_FROM,
      endpoint: environment.SES_ENDPOINT,
      topicArn: environment.SES_TOPIC_ARN,
    },
    push: { services: environment.PUSH_SERVICES },
    secrets: { provider: environment.SECRETS_PROVIDER, endpoint: environment.SECRETS_MANAGER_ENDPOINT },
    rateLimits: {
      authPerMinute: environment.RATE_LIMIT_AUTH_PER_MINUTE,
      trackingPerMinute: environment.RATE_LIMIT_TRACKING_PER_MINUTE,
      chatPerMinute: environment.RATE_LIMIT_CHAT_PER_MINUTE,
    },
    chat: { messagesPerDay: environment.CHAT_MESSAGES_PER_DAY, deadlineMs: environment.CHAT_DEADLINE_MS },
    ai: {
      baseUrl: environment.AI_BASE_URL?.replace(/\/+$/, ''),
      apiKey: environment.AI_API_KEY,
      models: environment.AI_MODELS ?? [],
      requestTimeoutMs: environment.AI_REQUEST_TIMEOUT_MS,
      promptTokens: environment.AI_PROMPT_TOKENS,
      answerTokens: environment.AI_ANSWER_TOKENS,
    },
    counterShards: environment.COUNTER_SHARDS,
    cognito: {
      userPoolId: environment.COGNITO_USER_POOL_ID ?? '',
      clientId: environment.COGNITO_CLIENT_ID ?? '',
      acceptedClients: environment.COGNITO_ACCEPTED_CLIENTS,
      region: environment.COGNITO_REGION ?? environment.AWS_REGION,
      endpoint: environment.COGNITO_ENDPOINT?.replace(/\/+$/, ''),
      issuer: environment.COGNITO_ISSUER?.replace(/\/+$/, ''),
      keySetUrl: environment.COGNITO_JWKS_URL,
      refreshRotation: environment.COGNITO_REFRESH_ROTATION,
    },
    storage: {
      imagesBucket: environment.S3_BUCKET_IMAGES,
      uploadsBucket: environment.S3_BUCKET_UPLOADS ?? environment.S3_BUCKET_IMAGES,
      endpoint: environment.S3_ENDPOINT?.replace(/\/+$/, ''),
      publicUrl: environment.CLOUDFRONT_DOMAIN && `https://${environment.CLOUDFRONT_DOMAIN}`,
    },
  });
}
