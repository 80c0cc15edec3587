import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ApiError, type ErrorDefinition } from '../http/errors/api-error.js';
import {
  BAD_REQUEST,
  EXPECTATION_FAILED,
  HEADERS_TOO_LARGE,
  METHOD_NOT_ALLOWED,
  REQUEST_TIMEOUT,
  URI_TOO_LONG,
} from '../http/errors/common.errors.js';
import { errorBody } from '../http/errors/error.filter.js';

/** For what a server waits, in milliseconds; Node looks every 30 s which connection is late. */
const FIRST_BYTE_MS = 20_000;
const HEADERS_MS = 20_000;
const REQUEST_MS = 120_000;
const LINGER_MS = 5000;
const REFUSED_MS = 1000;
/** Of a request line that is too long by itself, not by the headers behind it. */
const LONG_REQUEST_LINE = 8000;

/**
 * What the application never sees: requests that are no HTTP, or that stop half-way. They are answered in the envelope, with
 * a request id, and after the answers that are still on their way on the same connection (RFC 9112, 9.3.2).
 */
export function watchConnections(server: Server, { firstByteMs = FIRST_BYTE_MS } = {}): void {
  const inFlight = new WeakMap<Socket, Set<ServerResponse>>();
  server.headersTimeout = HEADERS_MS;
  server.requestTimeout = REQUEST_MS;
  // The application says so itself, in the envelope.
  Object.assign(server, { requireHostHeader: false });

  server.on('connection', (socket: Socket) => {
    const timer = setTimeout(() => {
      if (socket.bytesRead === 0) socket.destroy();
    }, firstByteMs).unref();
    socket.once('close', () => clearTimeout(timer));
    closeGently(socket, () => [...(inFlight.get(socket) ?? [])]);
  });
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    const responses = inFlight.get(socket) ?? new Set();
    inFlight.set(socket, responses.add(response));
    response.once('close', () => responses.delete(response));
  });
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    // The body guard says "100 Continue" once the body is wanted. Whoever is refused before that never sends it.
    response.shouldKeepAlive = false;
    server.emit('request', request, response);
  });
  server.on('checkExpectation', (_: IncomingMessage, response: ServerResponse) => {
    const { status, headers, body } = refusal(EXPECTATION_FAILED);
    response.writeHead(status, headers).end(body);
  });
  server.on('connect', (_: IncomingMessage, socket: Socket) => {
    // Node has let go of this one.
    socket.on('error', () => socket.destroy());
    write(socket, METHOD_NOT_ALLOWED);
  });
  server.on('clientError', (error: ParseError, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    void writeAfter([...(inFlight.get(socket) ?? [])], socket, definitionOf(error));
  });
}

interface ParseError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer;
}

function definitionOf({ code, rawPacket }: ParseError): ErrorDefinition {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return REQUEST_TIMEOUT;
  if (code !== 'HPE_HEADER_OVERFLOW') return BAD_REQUEST;
  const line = rawPacket?.indexOf('\r\n') ?? -1;
  return line < 0 || line > LONG_REQUEST_LINE ? URI_TOO_LONG : HEADERS_TOO_LARGE;
}

/**
 * A connection that is closed while its client still sends is reset, and the client never reads why it was refused
 * (RFC 9112, 9.6): what it sends is read for a while, and thrown away.
 */
function closeGently(socket: Socket, responsesOf: () => readonly ServerResponse[]): void {
  const destroySoon = socket.destroySoon.bind(socket);
  socket.destroySoon = () => {
    const unread = responsesOf().find(({ req }) => !req.complete);
    if (!unread) return destroySoon();
    socket.end();
    const timer = setTimeout(destroySoon, LINGER_MS).unref();
    unread.req.once('close', () => {
      clearTimeout(timer);
      destroySoon();
    });
    unread.req.resume();
  };
}

/** Those whose request had arrived are answered first; the one that stops half-way gets this instead of an answer. */
async function writeAfter(
  responses: readonly ServerResponse[],
  socket: Socket,
  definition: ErrorDefinition,
): Promise<void> {
  const arrived = responses.filter(({ req }) => req.complete);
  await Promise.all(arrived.map((response) => once(response, 'close')));
  if (responses.some((response) => !response.req.complete && response.headersSent)) socket.destroy();
  else write(socket, definition);
}

function refusal(definition: ErrorDefinition) {
  const requestId = randomUUID();
  const body = JSON.stringify(errorBody(new ApiError(definition), requestId));
  const headers = {
    Connection: 'close',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Request-Id': requestId,
  };
  return { status: definition.statusCode, headers, body };
}

/** Where Node has no response to write to. The connection is closed, also if the client keeps its side open. */
function write(socket: Socket, definition: ErrorDefinition): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { status, headers, body } = refusal(definition);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
  const timer = setTimeout(() => socket.destroy(), REFUSED_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.resume();
}
