import { lookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import ipaddr from 'ipaddr.js';

/** All addresses of a name; an address is its own. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>;

/** As the operating system resolves names. */
export const resolveName: Resolve = (hostname) => lookup(hostname, { all: true });

type Address = ReturnType<typeof ipaddr.process>;

/** Of IPv6, the only block that has been given out to the public. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Everything else is somebody's own machine or network, or leads there: loopback, private, link-local, mapped …. */
function isPublic(address: Address): boolean {
  return address.range() === 'unicast' && (address.kind() === 'ipv4' || address.match(...GLOBAL_IPV6));
}

function isAllowed(address: string, networks: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (isPublic(parsed)) return true;
  return networks.some((network) => {
    const [base, bits] = ipaddr.parseCIDR(network);
    return base.kind() === parsed.kind() && parsed.match(base, bits);
  });
}

/**
 * The addresses of a host that may be connected to: public ones, and those in `networks` (CIDR). Whoever connects has to
 * use these and resolve nothing again, for the next answer may be another one.
 */
export async function allowedAddresses(
  hostname: string,
  networks: readonly string[],
  resolve: Resolve = resolveName,
): Promise<LookupAddress[]> {
  const addresses = await resolve(hostname.replace(/^\[|\]$/g, ''));
  return addresses.filter(({ address }) => isAllowed(address, networks));
}
