/** Resolves the names of targets, so that each address is checked before it is dialled. */

import type { LookupAddress } from 'node:dns';
import { lookup as systemLookup } from 'node:dns';

/** All addresses of a name; rejects with a Node DNS error (`ENOTFOUND`, `EAI_AGAIN`). */
export type Lookup = (hostname: string) => Promise<readonly LookupAddress[]>;

/**
 * The system's resolution (hosts file included). Callers that ask for one name at the same moment share the answer: resolution runs
 * on four threads, and a name server that does not answer for one target must not use them all up.
 */
export function createLookup(): Lookup {
  const underWay = new Map<string, Promise<readonly LookupAddress[]>>();
  return (hostname) => {
    const running = underWay.get(hostname);
    if (running) return running;
    const started = new Promise<readonly LookupAddress[]>((resolve, reject) => {
      systemLookup(hostname, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
    }).finally(() => underWay.delete(hostname));
    underWay.set(hostname, started);
    return started;
  };
}
