import { Transform } from 'class-transformer';
import {
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  Min,
  MinLength,
  getMetadataStorage,
} from 'class-validator';

export const REGISTRATION_MODES = ['open', 'invite', 'closed'] as const;
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

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
export class Environment {
  @IsIn(['development', 'production', 'test'])
  NODE_ENV: 'development' | 'production' | 'test' = 'development';

  /** `development` is a laptop; anything else the stage of a deployment. */
  @Matches(/^[a-z][a-z0-9-]{0,11}$/)
  ENVIRONMENT = 'development';

  @Transform(({ value }) => (typeof value === 'string' ? value.toLowerCase() : value))
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

  @asList
  @Matches(/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/, {
    each: true,
    message: 'ALLOWED_HOSTS must hold names like hearth.example.com, in lower case',
  })
  ALLOWED_HOSTS: string[] = [];

  @asList
  @IsString({ each: true })
  TRUSTED_PROXIES: string[] = [];

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

  @IsOptional()
  @IsIn(['local', 'cognito'])
  AUTH_PROVIDER?: 'local' | 'cognito';

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

  @asNumber
  @IsInt()
  @Min(0)
  @Max(60)
  REFRESH_GRACE_SECONDS = 30;

  @asBoolean
  @IsBoolean()
  AUTH_REFRESH_COOKIE = false;

  @asNumber
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  SIGN_IN_FREE_FAILURES = 5;

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

  @IsIn(['off', 'emf'])
  METRICS: 'off' | 'emf' = 'off';

  @asBoolean
  @IsBoolean()
  ORIGIN_CHECK = false;

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
  @Max(1_000_000)
  RATE_LIMIT_CHAT_PER_MINUTE = 10;

  @asNumber
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  CHAT_MESSAGES_PER_DAY = 200;

  @asNumber
  @IsInt()
  @Min(100)
  @Max(28_000)
  CHAT_DEADLINE_MS = 25_000;

  @IsOptional()
  @IsUrl(URL_OPTIONS)
  AI_BASE_URL?: string;

  @IsOptional()
  @MinLength(1)
  AI_API_KEY?: string;

  @asList
  @IsOptional()
  @Matches(/^[\w./:@+-]{1,100}$/, { each: true, message: 'AI_MODELS must hold names of models' })
  AI_MODELS?: string[];

  @asNumber
  @IsInt()
  @Min(50)
  @Max(28_000)
  AI_REQUEST_TIMEOUT_MS = 12_000;

  @asNumber
  @IsInt()
  @Min(2000)
  @Max(1_000_000)
  AI_PROMPT_TOKENS = 12_000;

  @asNumber
  @IsInt()
  @Min(50)
  @Max(32_000)
  AI_ANSWER_TOKENS = 1000;

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

  @asList
  @Matches(/^[\w+]+$/, {
    each: true,
    message: 'COGNITO_ACCEPTED_CLIENTS must hold ids of clients of the pool',
  })
  COGNITO_ACCEPTED_CLIENTS: string[] = [];

  @IsOptional()
  @IsUrl(URL_OPTIONS)
  COGNITO_ISSUER?: string;

  @IsOptional()
  @IsUrl(URL_OPTIONS)
  COGNITO_JWKS_URL?: string;

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
export const ALIASES: Record<string, keyof Environment> = {
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
