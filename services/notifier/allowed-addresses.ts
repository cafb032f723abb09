import { lookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import ipaddr from 'ipaddr.js';

/** Resolves a host name to all its addresses; an address resolves to itself. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>;

/** Resolves names as the operating system does. */
export const resolveName: Resolve = (hostname) => lookup(hostname, { all: true });

type Address = ReturnType<typeof ipaddr.process>;

/** The only block of IPv6 that is allocated to the public. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an address is public. Every other range is a private machine or network, or leads to one: loopback,
 * private, link-local, mapped ….
 */
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
 * Addresses of a host that may be connected to: public ones, and those in `networks` (CIDR). The caller has
 * to connect to these without resolving the name again, because the next answer may differ.
 */
export async function allowedAddresses(
  hostname: string,
  networks: readonly string[],
  resolve: Resolve = resolveName,
): Promise<LookupAddress[]> {
  const addresses = await resolve(hostname.replace(/^\[|\]$/g, ''));
  return addresses.filter(({ address }) => isAllowed(address, networks));
}
