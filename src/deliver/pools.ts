/** Keeps the connections of every target, none of them shared, each address checked before it is dialled. */
import type { Clock } from '../kit/clock.ts';
import type { Target } from '../model/target.ts';
import type { Connections } from './connections.ts';
import { destinationOf } from './destination.ts';
import { connectTimeoutOf, createDialRule } from './dial-rule.ts';
import type { Lookup } from './dns.ts';
import { AttemptFailed } from './failure.ts';
import { createPlainConnections } from './http1/plain-connections.ts';
import { createTlsConnections } from './tls-connections.ts';

export interface Pools {
  /** The target's connections, made at first use; a target that was configured anew gets new ones. */
  connectionsOf(target: Target): Connections;
  /** Closes the connections of targets that are gone, once what is under way there has ended. */
  keepOnly(names: ReadonlySet<string>): void;
  /** Cuts every connection. */
  destroy(): Promise<void>;
}

interface Kept {
  readonly key: string;
  readonly connections: Connections;
  isRetired: boolean;
}

export function createPools(ports: { readonly clock: Clock; readonly lookup: Lookup }): Pools {
  const kept = new Map<string, Kept>();
  const byTarget = new WeakMap<Target, Kept>();

  function retire(entry: Kept): void {
    entry.isRetired = true;
    entry.connections.retire();
  }

  return {
    connectionsOf(target) {
      const quick = byTarget.get(target);
      if (quick && !quick.isRetired) return quick.connections;
      const key = keyOf(target);
      let entry = kept.get(target.name);
      if (entry?.key !== key) {
        if (entry) retire(entry);
        entry = { key, connections: createConnections(target, ports), isRetired: false };
        kept.set(target.name, entry);
      }
      byTarget.set(target, entry);
      return entry.connections;
    },
    keepOnly(names) {
      for (const [name, entry] of kept) {
        if (names.has(name)) continue;
        kept.delete(name);
        retire(entry);
      }
    },
    async destroy() {
      const all = [...kept.values()];
      kept.clear();
      for (const entry of all) entry.isRetired = true;
      const error = new AttemptFailed('STOPPED', 'the relay stopped');
      await Promise.all(all.map(({ connections }) => connections.destroy(error)));
    },
  };
}

function keyOf(target: Target): string {
  const { origin } = destinationOf(target);
  const { concurrency, trust, allowPrivate } = target;
  return JSON.stringify([origin, concurrency, connectTimeoutOf(target), trust, allowPrivate]);
}

function createConnections(target: Target, ports: { readonly clock: Clock; readonly lookup: Lookup }): Connections {
  const rule = createDialRule(target, ports.lookup);
  const { origin } = destinationOf(target);
  if (origin.startsWith('https:')) return createTlsConnections(target, rule);
  return createPlainConnections({ origin, most: target.concurrency, rule, clock: ports.clock });
}
