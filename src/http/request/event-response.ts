import { type IncomingMessage, type RequestListener, ServerResponse } from 'node:http';

/** How serverless-express hands requests to the application. */
export const frameworkOf = (app: RequestListener) => ({
  async sendRequest({ request, response }: Exchange): Promise<void> {
    response.end = endWithoutHeader as ServerResponse['end'];
    app(request, response);
  },
});

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * Ends the response of an event. Node would write the headers as text, which nobody reads: serverless-express takes them
 * from the response, and the body from what is written to its socket.
 */
function endWithoutHeader(
  this: ServerResponse & { finished: boolean },
  body?: string | Buffer,
): ServerResponse {
  if (this.writableEnded) return this;
  // A stream has begun to write.
  if (this.headersSent) return ServerResponse.prototype.end.call(this, body ?? '', 'utf8');
  if (body !== undefined && body.length > 0) this.socket?.write(body);
  // What `writableEnded` reads.
  this.finished = true;
  this.emit('finish');
  return this;
}
