import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  NotFoundException,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { Contended, StaleVersion } from '../../platform/dynamodb/faults.js';
import { ServiceUnavailable } from '../../platform/faults.js';
import { JsonLogger } from '../../platform/logger.js';
import { requestContext } from '../../platform/request-context.js';
import { allowedMethods } from '../request/allowed-methods.js';
import { answerOf, ApiError } from './api-error.js';
import { boundedDetails } from './bounded-details.js';
import {
  BAD_REQUEST,
  INTERNAL_ERROR,
  METHOD_NOT_ALLOWED,
  NOT_FOUND,
  PRECONDITION_FAILED,
  SERVICE_UNAVAILABLE,
  WRITE_CONFLICT,
} from './common.errors.js';

const RETRY_LATER = { headers: { 'Retry-After': '2' } };

/** The one place where an error becomes an answer. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly logger: JsonLogger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const requestId = requestContext.current()?.requestId;
    const error = asApiError(thrown, request);
    if (error.statusCode >= 500) {
      const cause = thrown instanceof ServiceUnavailable ? thrown.cause : thrown;
      const level = error.statusCode === 500 ? 'error' : 'warn';
      const { message, stack } = cause instanceof Error ? cause : new Error(String(cause));
      this.logger.write(level, { message, stack, code: error.code, requestId });
    }
    if (response.headersSent) {
      response.end();
      return;
    }
    for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
    response.setHeader('Cache-Control', 'no-store');
    response.status(error.statusCode).json(errorBody(error, requestId));
  }
}

/** The envelope of everything that is not a success (seed 001). */
export function errorBody({ code, message, statusCode, details }: ApiError, requestId: string | undefined) {
  return {
    success: false,
    error: { code, message, statusCode, requestId, ...(details && { details: boundedDetails(details) }) },
  };
}

function asApiError(thrown: unknown, request: Request): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof StaleVersion) return new ApiError(PRECONDITION_FAILED);
  if (thrown instanceof Contended) return new ApiError(WRITE_CONFLICT, RETRY_LATER);
  if (thrown instanceof ServiceUnavailable) return new ApiError(SERVICE_UNAVAILABLE, RETRY_LATER);
  if (thrown instanceof NotFoundException) return unknownAddress(request);
  const answer = thrown instanceof Error ? answerOf(thrown) : undefined;
  if (answer) return answer;
  const status =
    thrown instanceof HttpException ? thrown.getStatus() : (thrown as { status?: unknown })?.status;
  // What Express itself refuses, such as a path that cannot be decoded.
  if (typeof status === 'number' && status >= 400 && status < 500) return new ApiError(BAD_REQUEST);
  return new ApiError(INTERNAL_ERROR);
}

function unknownAddress(request: Request): ApiError {
  const methods = allowedMethods(request);
  if (methods.length === 0) return new ApiError(NOT_FOUND);
  return new ApiError(METHOD_NOT_ALLOWED, { headers: { Allow: methods.join(', ') } });
}
