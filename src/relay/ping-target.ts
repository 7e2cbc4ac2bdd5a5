/** A ping of a target: one HEAD request the way deliveries go, which reaches it and asks for nothing. */
import type { PingResult } from '../admin/api-schema.ts';
import type { Mask } from '../admin/mask.ts';
import { presentBody } from '../admin/present-event.ts';
import { createAttempter } from '../deliver/attempt.ts';
import { destinationOf } from '../deliver/destination.ts';
import { createLookup } from '../deliver/dns.ts';
import type { Clock } from '../kit/clock.ts';
import type { Target } from '../model/target.ts';

export interface Pinger {
  /** Never rejects; ends within the target's timeout. */
  ping(target: Target): Promise<PingResult>;
  /** Cuts what is under way. */
  close(): Promise<void>;
}

export function createPinger(ports: { readonly clock: Clock; readonly mask: Mask; readonly version: string }): Pinger {
  const { clock, mask, version } = ports;
  const attempter = createAttempter({ clock, lookup: createLookup() });
  return {
    async ping(target) {
      const { origin, path, search, shownSearch, headers, shownHeaders } = destinationOf(target);
      const url = `${origin}${path}${shownSearch === '' ? '' : `?${shownSearch}`}`;
      const started = clock.monotonic();
      const { response, error } = await attempter.attempt(target, {
        origin,
        path: search === '' ? path : `${path}?${search}`,
        method: 'HEAD',
        headers: { 'user-agent': `dragoman/${version}`, ...headers },
        body: null,
        shownUrl: url,
        shownHeaders,
      });
      return {
        url,
        method: 'HEAD',
        reached: response !== null,
        status: response?.status ?? null,
        duration_ms: Math.round(clock.monotonic() - started),
        error,
        body: response && response.body.length > 0 ? presentBody(response.body, { mask }) : null,
      };
    },
    close: () => attempter.destroy(),
  };
}
