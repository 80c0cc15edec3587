export class HealthResponse {
  status!: 'ok';
  /** Of the API, as in SemVer. */
  version!: string;
  /** Seconds since this process started. */
  uptime!: number;
}

export class ReadinessResponse {
  status!: 'ready';
  /** Each dependency and whether it answers. */
  dependencies!: DependenciesResponse;
}

export class DependenciesResponse {
  dynamodb!: 'up';
  s3!: 'up';
}

export class ErrorDefinitionResponse {
  code!: string;
  statusCode!: number;
  message!: string;
}
