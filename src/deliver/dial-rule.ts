/** Which addresses of a target may be dialled, asked anew for each connection. */
import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { Target } from '../model/target.ts';
import { isForbidden } from './address-guard.ts';
import { destinationOf } from './destination.ts';
import type { Lookup } from './dns.ts';
import { AttemptFailed } from './failure.ts';

export interface DialRule {
  /** A name, or an address without brackets. */
  readonly host: string;
  /** Why the host, an address itself, must not be dialled. */
  refusal(): Error | undefined;
  /** Hands out only addresses that may be dialled; what it hands out is what is dialled. */
  readonly lookup: LookupFunction;
  /** Milliseconds within which a connection has to come about. */
  readonly timeoutMs: number;
}

export function createDialRule(target: Target, lookup: Lookup): DialRule {
  const host = new URL(destinationOf(target).origin).hostname.replace(/^\[|\]$/g, '');
  return {
    host,
    refusal: () => (isIP(host) !== 0 && isForbidden(host, target) ? forbidden(target) : undefined),
    lookup: guardedLookup(target, lookup),
    timeoutMs: connectTimeoutOf(target),
  };
}

/** Milliseconds within which a connection to the target has to come about: never more than a whole try may take. */
export function connectTimeoutOf({ connectTimeoutMs, timeoutMs }: Target): number {
  return Math.min(connectTimeoutMs, timeoutMs);
}

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

function forbidden(target: Target): AttemptFailed {
  const advice = target.trust === 'subscriber' ? 'a private network or cloud metadata' : 'cloud metadata';
  return new AttemptFailed('ADDRESS_FORBIDDEN', `the address of the target belongs to ${advice}`);
}

function notFound(): AttemptFailed {
  return new AttemptFailed('DNS_NOT_FOUND', 'the name of the target has no address');
}
