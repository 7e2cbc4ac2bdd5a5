/** Lists of networks, to ask whether an address is in one of them. */
import { BlockList, isIP } from 'node:net';

export type Networks = Pick<BlockList, 'check'>;

/** CIDRs and single addresses. An entry that is neither is an error: the configuration is checked before. */
export function compileNetworks(entries: readonly string[]): Networks {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/');
    if (prefix === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(prefix), familyOf(address));
  }
  return list;
}

export function isInNetworks(networks: Networks, address: string): boolean {
  return networks.check(address, familyOf(address));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
