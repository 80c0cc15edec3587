import { plainToInstance, Transform } from 'class-transformer';
import {
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsOptional,
  IsUrl,
  Matches,
  Max,
  Min,
  MinLength,
  getMetadataStorage,
  validateSync,
} from 'class-validator';

const STAGES = ['development', 'dev', 'staging', 'prod'] as const;
const REGISTRATION_MODES = ['open', 'invite', 'closed'] as const;
const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** Where Chrome, Firefox, Edge and Safari take what is pushed. */
const PUSH_SERVICES = [
  'fcm.googleapis.com',
  '*.push.services.mozilla.com',
  '*.notify.windows.com',
  '*.push.apple.com',
];

const asNumber = Transform(({ value }) => (typeof value === 'string' ? Number(value) : value));
const asBoolean = Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : value));
const asList = Transform(({ value }) =>
  typeof value === 'string' ? value.split(',').map((entry) => entry.trim()) : value,
);
/** A bucket's name. */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const URL_OPTIONS = { require_tld: false, require_protocol: true, protocols: ['http', 'https'] };

/** What the process is told from outside: one property per environment variable, with its default. */
class Environment {
  @IsIn(['development', 'production', 'test'])
  NODE_ENV: 'development' | 'production' | 'test' = 'development';

  @IsIn(STAGES)
  ENVIRONMENT: (typeof STAGES)[number] = 'development';

  @IsOptional()
  @IsIn(LOG_LEVELS)
  LOG_LEVEL?: (typeof LOG_LEVELS)[number];

  @asNumber
  @IsInt()
  @Min(0)
  @Max(65535)
  PORT = 3000;

  @MinLength(1)
  HOST = '127.0.0.1';

  @IsOptional()
  @IsUrl(URL_OPTIONS)
  PUBLIC_URL?: string;

  @asList
  @IsOptional()
  @Matches(/^(\*|https?:\/\/[^\s/]+)$/, {
    each: true,
    message: 'CORS_ORIGINS must hold * or origins like https://app.example.com',
  })
  CORS_ORIGINS?: string[];

  @MinLength(1)
  HEARTH_DATA_DIR = '.hearth';

  @Matches(/^[a-z]{2}(-[a-z]+)+-\d$/)
  AWS_REGION = 'eu-north-1';

  @Matches(/^[A-Za-z0-9_.-]{3,255}$/)
  DYNAMODB_TABLE_NAME = 'hearth-development';

  @IsOptional()
  @IsUrl(URL_OPTIONS)
  DYNAMODB_ENDPOINT?: string;

  @asNumber
  @IsInt()
  @Min(50)
  @Max(30_000)
  AWS_REQUEST_TIMEOUT_MS = 2000;

  @asNumber
  @IsInt()
  @Min(50)
  @Max(30_000)
  AWS_CONNECTION_TIMEOUT_MS = 1000;

  @asNumber
  @IsInt()
  @Min(100)
  @Max(29_000)
  RESPONSE_DEADLINE_MS = 8000;

  @IsIn(['local', 'cognito'])
  AUTH_PROVIDER: 'local' | 'cognito' = 'local';

  @IsIn(['access', 'id', 'any'])
  AUTH_TOKEN_USE: 'access' | 'id' | 'any' = 'any';

  @MinLength(1)
  AUTH_CLIENT_ID = 'hearth-web';

  @IsOptional()
  @IsIn(REGISTRATION_MODES)
  REGISTRATION_MODE?: (typeof REGISTRATION_MODES)[number];

  @IsOptional()
  @IsEmail()
  OWNER_EMAIL?: string;

  @IsOptional()
  @IsIn(['required', 'off'])
  AUTH_EMAIL_CONFIRMATION?: 'required' | 'off';

  @asBoolean
  @IsBoolean()
  AUTH_PREVENT_ENUMERATION = false;

  @asBoolean
  @IsBoolean()
  PASSWORD_REQUIRE_SYMBOLS = true;

  @IsOptional()
  @IsUrl(URL_OPTIONS)
  APP_URL?: string;

  @IsIn(['outbox', 'ses'])
  MAIL_TRANSPORT: 'outbox' | 'ses' = 'outbox';

  @IsEmail()
  MAIL_FROM = 'hearth@localhost.example';

  @IsOptional()
  @IsUrl(URL_OPTIONS)
  SES_ENDPOINT?: string;

  @IsOptional()
  @Matches(/^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+$/)
  SES_TOPIC_ARN?: string;

  @asList
  @Matches(/^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$/, {
    each: true,
    message: 'PUSH_SERVICES must hold hosts like fcm.googleapis.com or *.push.apple.com',
  })
  PUSH_SERVICES: string[] = [...PUSH_SERVICES];

  @IsIn(['file', 'secrets-manager'])
  SECRETS_PROVIDER: 'file' | 'secrets-manager' = 'file';

  @IsOptional()
  @IsUrl(URL_OPTIONS)
  SECRETS_MANAGER_ENDPOINT?: string;

  @asNumber
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  RATE_LIMIT_AUTH_PER_MINUTE = 60;

  @asNumber
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  RATE_LIMIT_TRACKING_PER_MINUTE = 600;

  @asNumber
  @IsInt()
  @Min(1)
  @Max(64)
  COUNTER_SHARDS = 8;

  @IsOptional()
  @Matches(/^[\w-]+_[0-9a-zA-Z]+$/)
  COGNITO_USER_POOL_ID?: string;

  @IsOptional()
  @Matches(/^[\w+]+$/)
  COGNITO_CLIENT_ID?: string;

  @IsOptional()
  @Matches(/^[a-z]{2}(-[a-z]+)+-\d$/)
  COGNITO_REGION?: string;

  @IsOptional()
  @IsUrl(URL_OPTIONS)
  COGNITO_ENDPOINT?: string;

  @asBoolean
  @IsBoolean()
  COGNITO_REFRESH_ROTATION = true;

  @Matches(BUCKET)
  S3_BUCKET_IMAGES = 'hearth-development';

  @IsOptional()
  @Matches(BUCKET)
  S3_BUCKET_UPLOADS?: string;

  @IsOptional()
  @IsUrl(URL_OPTIONS)
  S3_ENDPOINT?: string;

  @IsOptional()
  @Matches(/^[a-z0-9.-]+$/)
  CLOUDFRONT_DOMAIN?: string;
}

/** Names by which seed 000 sets what has another name here. */
const ALIASES: Record<string, keyof Environment> = {
  USER_POOL_ID: 'COGNITO_USER_POOL_ID',
  USER_POOL_CLIENT_ID: 'COGNITO_CLIENT_ID',
};

/** Every variable that the configuration reads, aliases included. */
export const ENVIRONMENT_NAMES: readonly string[] = [
  ...new Set(
    getMetadataStorage()
      .getTargetValidationMetadatas(Environment, '', true, false)
      .map(({ propertyName }) => propertyName),
  ),
  ...Object.keys(ALIASES),
];

/** The configuration cannot be used; the message names every fault, one a line. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly faults: readonly string[]) {
    super(['The configuration cannot be used:', ...faults.map((fault) => `  - ${fault}`)].join('\n'));
  }
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
  /** Where a laptop keeps its database, secrets and outbox. */
  readonly dataDirectory: string;
  /** Milliseconds within which every answer is given . */
  readonly responseDeadlineMs: number;
  readonly aws: {
    readonly region: string;
    readonly requestTimeoutMs: number;
    readonly connectionTimeoutMs: number;
  };
  readonly table: { readonly name: string; readonly endpoint: string | undefined };
  readonly auth: {
    readonly provider: 'local' | 'cognito';
    readonly tokenUse: 'access' | 'id' | 'any';
    readonly clientId: string;
    readonly registration: (typeof REGISTRATION_MODES)[number];
    /** In lower case. */
    readonly ownerEmail: string | undefined;
    /** Whether an address must be confirmed before its account is used; Cognito's always. */
    readonly emailConfirmation: boolean;
    /** Whether answers keep secret which addresses have an account. */
    readonly preventEnumeration: boolean;
    readonly passwordRequiresSymbols: boolean;
  };
  /** Where people use the front end; links in mails lead there. */
  readonly appUrl: string;
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
  readonly rateLimits: { readonly authPerMinute: number; readonly trackingPerMinute: number };
  /** Over how many partitions one counter is spread. */
  readonly counterShards: number;
  readonly cognito: {
    readonly userPoolId: string;
    readonly clientId: string;
    readonly region: string;
    readonly endpoint: string | undefined;
    readonly refreshRotation: boolean;
  };
  readonly storage: {
    readonly imagesBucket: string;
    readonly uploadsBucket: string;
    readonly endpoint: string | undefined;
    /** Under which everybody may read `images/`, without a trailing slash. */
    readonly publicUrl: string | undefined;
  };
}

/** The injection token of the configuration. */
export const CONFIG = Symbol('Config');

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
  const cognito = environment.AUTH_PROVIDER === 'cognito';
  for (const name of ['COGNITO_USER_POOL_ID', 'COGNITO_CLIENT_ID'] as const) {
    if (cognito && environment[name] === undefined)
      faults.push(`${name} must be set for AUTH_PROVIDER=cognito`);
  }
  const onLaptop = environment.ENVIRONMENT === 'development';
  const confirmation = environment.AUTH_EMAIL_CONFIRMATION ?? (onLaptop ? 'off' : 'required');
  if (environment.AUTH_PREVENT_ENUMERATION && confirmation === 'off' && !cognito) {
    faults.push(
      'AUTH_PREVENT_ENUMERATION needs AUTH_EMAIL_CONFIRMATION=required: who is signed in at once is known',
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
    corsOrigins,
    dataDirectory: environment.HEARTH_DATA_DIR,
    responseDeadlineMs: environment.RESPONSE_DEADLINE_MS,
    aws: {
      region: environment.AWS_REGION,
      requestTimeoutMs: environment.AWS_REQUEST_TIMEOUT_MS,
      connectionTimeoutMs: environment.AWS_CONNECTION_TIMEOUT_MS,
    },
    table: { name: environment.DYNAMODB_TABLE_NAME, endpoint: environment.DYNAMODB_ENDPOINT },
    auth: {
      provider: environment.AUTH_PROVIDER,
      tokenUse: environment.AUTH_TOKEN_USE,
      clientId: environment.AUTH_CLIENT_ID,
      registration: environment.REGISTRATION_MODE ?? (onLaptop ? 'open' : 'invite'),
      ownerEmail: environment.OWNER_EMAIL?.toLowerCase(),
      emailConfirmation: confirmation === 'required',
      preventEnumeration: environment.AUTH_PREVENT_ENUMERATION,
      passwordRequiresSymbols: environment.PASSWORD_REQUIRE_SYMBOLS,
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
    },
    counterShards: environment.COUNTER_SHARDS,
    cognito: {
      userPoolId: environment.COGNITO_USER_POOL_ID ?? '',
      clientId: environment.COGNITO_CLIENT_ID ?? '',
      region: environment.COGNITO_REGION ?? environment.AWS_REGION,
      endpoint: environment.COGNITO_ENDPOINT?.replace(/\/+$/, ''),
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
