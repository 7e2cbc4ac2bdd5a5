/** Keeps a pool of connections for every target, none of them shared, each address checked before it is dialled. */
import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector, Pool } from 'undici';
import type { Target } from '../model/target.ts';
import { isForbidden } from './address-guard.ts';
import { destinationOf } from './destination.ts';
import type { Lookup } from './dns.ts';
import { AttemptAborted } from './failure.ts';

export interface Pools {
  /** The target's pool, made at first use; a target that was configured anew gets a new one. */
  poolOf(target: Target): Pool;
  /** Closes the pools of targets that are gone, once what is under way there has ended. */
  keepOnly(names: ReadonlySet<string>): void;
  /** Cuts every connection. */
  destroy(): Promise<void>;
}

interface Kept {
  readonly key: string;
  readonly pool: Pool;
}

export function createPools(lookup: Lookup): Pools {
  const kept = new Map<string, Kept>();
  const byTarget = new WeakMap<Target, Pool>();
  return {
    poolOf(target) {
      const quick = byTarget.get(target);
      if (quick && !quick.closed && !quick.destroyed) return quick;
      const key = keyOf(target);
      let entry = kept.get(target.name);
      if (entry?.key !== key) {
        if (entry) retire(entry.pool);
        entry = { key, pool: createPool(target, lookup) };
        kept.set(target.name, entry);
      }
      byTarget.set(target, entry.pool);
      return entry.pool;
    },
    keepOnly(names) {
      for (const [name, { pool }] of kept) {
        if (names.has(name)) continue;
        kept.delete(name);
        retire(pool);
      }
    },
    async destroy() {
      const pools = [...kept.values()].map(({ pool }) =>
        pool.destroy(new AttemptAborted('STOPPED', 'the relay stopped')),
      );
      kept.clear();
      await Promise.all(pools);
    },
  };
}

function retire(pool: Pool): void {
  pool.close().catch(() => undefined);
}

function keyOf(target: Target): string {
  const { origin } = destinationOf(target);
  return JSON.stringify([origin, target.concurrency, connectTimeoutOf(target), target.trust, target.allowPrivate]);
}

function connectTimeoutOf(target: Target): number {
  return Math.min(target.connectTimeoutMs, target.timeoutMs);
}

function createPool(target: Target, lookup: Lookup): Pool {
  const timeout = connectTimeoutOf(target);
  const connectTo = buildConnector({ timeout, lookup: guardedLookup(target, lookup), autoSelectFamily: true });
  return new Pool(destinationOf(target).origin, {
    connections: target.concurrency,
    pipelining: 1,
    // The sweep of attempt.ts watches over the whole answer.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect(options, callback) {
      const host = options.hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) !== 0 && isForbidden(host, target)) callback(forbidden(target), null);
      else connectTo(options, callback);
    },
  });
}

/** Hands out only addresses that may be dialled; what it hands out is what is dialled. */
function guardedLookup(target: Target, lookup: Lookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname).then(
      (found) => {
        const allowed = found.filter(({ address }) => !isForbidden(address, target));
        const [first] = allowed;
        if (!first) callback(found.length === 0 ? notFound() : forbidden(target), '', 0);
        else if (options.all) callback(null, allowed as LookupAddress[]);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, '', 0),
    );
  };
}

function forbidden(target: Target): AttemptAborted {
  const advice = target.trust === 'subscriber' ? 'a private network or cloud metadata' : 'cloud metadata';
  return new AttemptAborted('ADDRESS_FORBIDDEN', `the address of the target belongs to ${advice}`);
}

function notFound(): AttemptAborted {
  return new AttemptAborted('DNS_NOT_FOUND', 'the name of the target has no address');
}
