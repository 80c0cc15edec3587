import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import type { CookieOptions, Request, Response } from 'express';
import { catchError, map, type Observable, throwError } from 'rxjs';
import { basePathOf, CONFIG, type Config } from '../../config/config.js';

const NAME = 'hearth_refresh';
/** As long as a session may go on. */
const MAX_AGE_MS = 30 * 24 * 3600 * 1000;
const REFRESH = '/v1/auth/refresh';
const LOGOUT = '/v1/auth/logout';

interface Tokens {
  readonly refreshToken?: string;
}

type PageRequest = Request<Record<string, string>, unknown, Tokens | undefined>;

/**
 * With AUTH_REFRESH_COOKIE, a page gets its refresh token as a cookie that no script can read and that is sent to the
 * route for refreshing alone; so it stays signed in over a reload without storing anything. Only pages of this origin
 * and of CORS_ORIGINS get and use it, and only on the same site, since browsers keep it from all others. Whoever sends no
 * `Origin` is no page, and is answered as ever.
 */
@Injectable()
export class RefreshCookie implements NestInterceptor {
  private readonly origins: ReadonlySet<string>;
  private readonly attributes: CookieOptions;

  constructor(@Inject(CONFIG) private readonly config: Config) {
    this.origins = new Set([
      new URL(config.publicUrl).origin,
      ...config.corsOrigins.filter((each) => each !== '*'),
    ]);
    const path = `${basePathOf(config)}${REFRESH}`;
    this.attributes = { httpOnly: true, secure: true, sameSite: 'strict', path };
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<PageRequest>();
    const response = context.switchToHttp().getResponse<Response>();
    if (!this.isPage(request)) return next.handle();
    const forget = () => response.clearCookie(NAME, this.attributes);
    // Also where the session has ended before: the person has left this page.
    if (isAt(request, LOGOUT)) forget();
    if (!isAt(request, REFRESH)) return next.handle().pipe(map((answer) => this.handOver(answer, response)));
    const kept = tokenIn(request);
    if (kept !== undefined && !request.body?.refreshToken)
      request.body = { ...request.body, refreshToken: kept };
    return next.handle().pipe(
      map((answer) => this.handOver(answer, response)),
      catchError((error: unknown) => {
        forget();
        return throwError(() => error);
      }),
    );
  }

  private isPage(request: PageRequest): boolean {
    const isSameSite = request.get('sec-fetch-site') !== 'cross-site';
    return this.config.auth.refreshCookie && isSameSite && this.origins.has(request.get('origin') ?? '');
  }

  /** The token of an answer as a cookie. */
  private handOver(answer: unknown, response: Response): unknown {
    const { refreshToken, ...others } = answer as Tokens;
    if (refreshToken === undefined) return answer;
    response.cookie(NAME, refreshToken, { ...this.attributes, maxAge: MAX_AGE_MS });
    return others;
  }
}

const isAt = ({ path }: PageRequest, route: string): boolean =>
  path.toLowerCase().replace(/\/$/, '') === route;

/** Undefined also for what is no value of ours, which another page of the site may have set. */
function tokenIn({ headers }: PageRequest): string | undefined {
  const [, value] = new RegExp(`(?:^|;\\s*)${NAME}=([\\w.~%-]+)`).exec(headers.cookie ?? '') ?? [];
  try {
    return value === undefined ? undefined : decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
