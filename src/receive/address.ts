/** At the door: whose address a request comes from, proxies in front of the relay considered, and whether a list allows it. */
import { isIP } from 'node:net';
import { compileNetworks, isInNetworks } from '../kit/networks.ts';
import type { RequestHead } from './target.ts';

/** `false`: X-Forwarded-For is not believed. A number: so many proxies stand in front. A list: proxies live in these CIDRs. */
export type TrustProxy = false | number | readonly string[];

/** The address that a request is taken to come from; undefined where a trusted proxy names something that is no address. */
export type AddressFinder = (remote: string | undefined, forwardedFor: string | undefined) => string | undefined;

export function createAddressFinder(trust: TrustProxy): AddressFinder {
  if (trust === false || trust === 0) return (remote) => plainAddress(remote ?? '');
  const isTrusted = typeof trust === 'number' ? byCount(trust) : byNetwork(trust);
  return (remote, forwardedFor) => {
    let address = plainAddress(remote ?? '');
    const hops = forwardedFor === undefined ? [] : forwardedFor.split(',');
    for (let passed = 0; address !== undefined && hops.length > 0 && isTrusted(address, passed); passed++) {
      address = plainAddress((hops.pop() as string).trim());
    }
    return address;
  };
}

/** Whose request it is. */
export function addressOf({ socket, headers }: RequestHead, find: AddressFinder): string | undefined {
  return find(socket.remoteAddress, headers['x-forwarded-for']?.toString());
}

/** An address without brackets, port, zone or the IPv4-mapped prefix; undefined where it is none. */
export function plainAddress(text: string): string | undefined {
  let address = text;
  if (address.startsWith('[')) address = address.slice(1, address.indexOf(']'));
  else if (address.includes('.') && address.indexOf(':') === address.lastIndexOf(':'))
    address = address.split(':')[0] ?? '';
  if (address.startsWith('::ffff:') && address.includes('.')) address = address.slice(7);
  const zone = address.indexOf('%');
  if (zone !== -1) address = address.slice(0, zone);
  return isIP(address) === 0 ? undefined : address;
}

function byCount(proxies: number): (address: string, passed: number) => boolean {
  return (_, passed) => passed < proxies;
}

function byNetwork(networks: readonly string[]): (address: string) => boolean {
  const list = compileNetworks(networks);
  return (address) => isInNetworks(list, address);
}
