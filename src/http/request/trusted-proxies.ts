import { isIP } from 'node:net';
import type { NextFunction, Request, Response } from 'express';
import { proxyList } from '../../config/proxy-list.js';

/** An IPv4 address as such, also where a socket of both families shows it as IPv6. */
const plain = (address: string) => address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');

/**
 * The client of a request: X-Forwarded-For is read from the right for as long as the one who wrote an entry is trusted. What
 * is no address ends the walk, so that nothing a client writes has an effect.
 */
export function clientOf(
  peer: string,
  forwardedFor: string | undefined,
  isTrusted: (address: string) => boolean,
): string {
  const entries = (forwardedFor ?? '').split(',').map((entry) => addressIn(entry.trim()));
  let client = plain(peer);
  while (isTrusted(client)) {
    const next = entries.pop();
    if (next === undefined) break;
    client = next;
  }
  return client;
}

/** Some proxies write the port as well. */
function addressIn(entry: string): string | undefined {
  const [, bracketed, withPort] = /^(?:\[([^\]]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+)$/.exec(entry) ?? [];
  const address = plain(bracketed ?? withPort ?? entry);
  return isIP(address) === 0 ? undefined : address;
}

/** Lets `request.ip` be the client's address, and `request.secure` say how the client came to a trusted proxy. */
export function trustProxies(entries: readonly string[]) {
  const isTrusted = proxyList(entries);
  return (request: Request, _: Response, next: NextFunction): void => {
    const peer = plain(request.socket.remoteAddress ?? '');
    if (isTrusted(peer)) {
      const client = clientOf(peer, request.get('x-forwarded-for'), isTrusted);
      const isSecure = /\bhttps\b/i.test(request.get('x-forwarded-proto') ?? '');
      Object.defineProperty(request, 'ip', { value: client, configurable: true });
      Object.defineProperty(request, 'secure', { value: isSecure || request.secure, configurable: true });
    }
    next();
  };
}
