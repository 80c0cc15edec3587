import { isIPv4, isIPv6 } from 'node:net';

/**
 * What a person can recognise a network by, without what names a single machine: `203.0.113.0/24` of an IPv4 address, the
 * first 48 bits of an IPv6 address. Undefined for what is no address.
 */
export function coarseNetworkOf(address: string): string | undefined {
  const [bare = ''] = address.split('/');
  if (isIPv4(bare)) return `${bare.split('.').slice(0, 3).join('.')}.0/24`;
  if (!isIPv6(bare)) return undefined;
  const [start = ''] = bare.split('::');
  const groups = [...start.split(':').filter((group) => group !== ''), '0', '0', '0'].slice(0, 3);
  return `${groups.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/48`;
}
