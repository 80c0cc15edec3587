import type { OutgoingHttpHeaders } from 'node:http';

/** An answer in the terms of serverless-express. */
interface EventAnswer {
  readonly statusCode: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** Images and what is compressed; feeds, calendars and CSV are text like JSON. */
export const isBinary = ({ headers }: { headers: OutgoingHttpHeaders }): boolean =>
  headers['content-encoding'] !== undefined || String(headers['content-type'] ?? '').startsWith('image/');

/** For payload format 2.0. Cookies have a field of their own: they are the one header whose values cannot be joined. */
export function answerOfVersion2({ statusCode, headers, body, isBase64Encoded }: EventAnswer) {
  const { 'set-cookie': cookies, ...others } = headers;
  const joined: Record<string, string> = {};
  for (const name in others) joined[name] = String(others[name]);
  return {
    statusCode,
    headers: joined,
    body,
    isBase64Encoded,
    ...(cookies && { cookies: [cookies].flat() }),
  };
}

/** For payload format 1.0. */
export function answerOfVersion1({ statusCode, headers, body, isBase64Encoded }: EventAnswer) {
  const multiValueHeaders: Record<string, string[]> = {};
  for (const name in headers) multiValueHeaders[name] = [headers[name] ?? []].flat().map(String);
  return { statusCode, multiValueHeaders, body, isBase64Encoded };
}
