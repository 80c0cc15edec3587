import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import type { Config } from '../../config/config.js';
import type { JsonLogger } from '../../platform/logger.js';
import { RequestContext, requestContext } from '../../platform/request-context.js';
import { metricsOf } from './request-metrics.js';

const REQUEST_ID = /^[\w.:-]{1,128}$/;

const ARRIVED_AT = 'arrivedAt';

/** Notes when a request came, where something is done before its context is opened. */
export const setArrival = ({ locals }: Response): void => {
  locals[ARRIVED_AT] = performance.now();
};

/** Opens the context of a request and, when it is answered, writes its one log line. */
export function requestLog(config: Config, logger: JsonLogger) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const began = (response.locals[ARRIVED_AT] as number | undefined) ?? performance.now();
    const given = request.get('x-request-id');
    const requestId = given !== undefined && REQUEST_ID.test(given) ? given : randomUUID();
    const context = new RequestContext(requestId, request.originalUrl, config.responseDeadlineMs, began);
    response.setHeader('X-Request-Id', requestId);

    let written = false;
    const write = (outcome: { aborted?: true }) => {
      if (written) return;
      written = true;
      const { userId, dynamodb } = context;
      const route = (request.route as { path?: string } | undefined)?.path;
      const ms = Math.round((performance.now() - began) * 100) / 100;
      const { method } = request;
      const status = response.statusCode;
      logger.write('info', {
        message: 'Request',
        method,
        route,
        status,
        ms,
        requestId,
        userId,
        ...dynamodb,
        ...outcome,
        ...(config.metrics &&
          metricsOf(config.stage, { status, ms, allowedMs: context.allowedMs, ...dynamodb })),
      });
    };
    // A client that leaves early leaves a line all the same; on Lambda there is no connection to close.
    response
      .once('finish', () => {
        requestContext.closed(context);
        write({});
      })
      .once('close', () => {
        requestContext.closed(context);
        write({ aborted: true });
      });
    requestContext.opened(context);
    requestContext.run(context, next);
  };
}
