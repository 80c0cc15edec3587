import { BlockList, isIP } from 'node:net';

/** Groups of addresses by name. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fe80::/10'],
};

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/**
 * Whether an entry of TRUSTED_PROXIES can be used: an address, a CIDR, `loopback` or `private`. Never all addresses: then
 * anybody could write which address they come from.
 */
export function isProxyEntry(entry: string): boolean {
  if (Object.hasOwn(GROUPS, entry)) return true;
  const [address = '', length, ...rest] = entry.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return (
    length === undefined || (/^[1-9]\d{0,2}$/.test(length) && Number(length) <= (family === 4 ? 32 : 128))
  );
}

/** @param entries of TRUSTED_PROXIES */
export function proxyList(entries: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const entry of entries.flatMap((name) => GROUPS[name] ?? [name])) {
    const [written = '', length] = entry.split('/');
    const address = written.replace(/^::ffff:(?=\d+\.)/i, '');
    if (length === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(length), familyOf(address));
  }
  return (address) => isIP(address) !== 0 && list.check(address, familyOf(address));
}
