/** Where everything is, as paths of this server. */
export class StartResponse {
  /** @example Hearth */
  name!: string;
  /** Of the API, as in SemVer. */
  version!: string;
  /** What all operations but those of the system begin with. @example /v1 */
  api!: string;
  /** @example /docs */
  docs!: string;
  /** @example /openapi.json */
  openapi!: string;
  /** @example /health */
  health!: string;
}

export class StartAnswer {
  success!: boolean;
  data!: StartResponse;
}

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
