import { describe, expect, it } from '@jest/globals';
import { isProxyEntry, proxyList } from '../../config/proxy-list.js';
import { clientOf } from './trusted-proxies.js';

describe('Behind trusted proxies', () => {
  const client = (trusted: string[], peer: string, forwardedFor?: string) =>
    clientOf(peer, forwardedFor, proxyList(trusted));

  it.each([
    ['nobody is trusted by default', [], '127.0.0.1', '203.0.113.9', '127.0.0.1'],
    ['the peer’s word counts', ['loopback'], '127.0.0.1', '203.0.113.9', '203.0.113.9'],
    [
      'an IPv4 peer of a socket of both families',
      ['loopback'],
      '::ffff:127.0.0.1',
      '203.0.113.9',
      '203.0.113.9',
    ],
    ['a stranger’s word does not', ['loopback'], '198.51.100.7', '203.0.113.9', '198.51.100.7'],
    [
      'only the last untrusted entry counts',
      ['loopback'],
      '127.0.0.1',
      '10.0.0.1, 203.0.113.9',
      '203.0.113.9',
    ],
    [
      'two proxies in a row',
      ['loopback', 'private'],
      '127.0.0.1',
      '1.2.3.4, 203.0.113.9, 10.0.0.1',
      '203.0.113.9',
    ],
    ['a client in the same network', ['loopback', 'private'], '127.0.0.1', '192.168.1.7', '192.168.1.7'],
    ['what is no address ends the walk', ['loopback'], '127.0.0.1', '203.0.113.9, unknown', '127.0.0.1'],
    ['an empty header', ['loopback'], '127.0.0.1', '', '127.0.0.1'],
    ['no header', ['loopback'], '127.0.0.1', undefined, '127.0.0.1'],
    ['a port behind the address', ['loopback'], '127.0.0.1', '203.0.113.9:4711', '203.0.113.9'],
    ['IPv6 in brackets', ['::1'], '::1', '[2001:db8::1]:4711', '2001:db8::1'],
    ['a CIDR', ['172.18.0.0/16'], '172.18.0.2', '2001:db8::1', '2001:db8::1'],
    ['another CIDR', ['172.18.0.0/16'], '172.19.0.2', '2001:db8::1', '172.19.0.2'],
  ])('%s', (_, trusted, peer, forwardedFor, expected) => {
    expect(client(trusted, peer, forwardedFor)).toBe(expected);
  });

  it.each(['loopback', 'private', '10.0.0.1', '::1', '10.0.0.0/8', 'fd00::/8', '10.0.0.1/32'])(
    '%s can be named',
    (entry) => {
      expect(isProxyEntry(entry)).toBe(true);
    },
  );

  it.each([
    '*',
    'all',
    '0.0.0.0/0',
    '::/0',
    '10.0.0.0/33',
    '10.0.0',
    'proxy.example',
    '',
    '10.0.0.0/8/8',
    'toString',
  ])('%s can not', (entry) => {
    expect(isProxyEntry(entry)).toBe(false);
  });
});
