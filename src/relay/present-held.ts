/** What holds deliveries as the admin API shows it. */
import type { Held } from '../admin/api-schema.ts';
import { iso } from '../admin/present-event.ts';
import { eventIdOfDelivery } from '../kit/ids.ts';
import type { HeldOnes } from '../plan/held.ts';

export function presentHeld(held: HeldOnes): ReadonlyMap<string, Held> {
  return new Map(
    [...held].map(([id, { reason, until, behind, message }]) => [
      id,
      {
        reason,
        until: until === null ? null : iso(until),
        behind: behind === null ? null : { id: behind, event_id: eventIdOfDelivery(behind) ?? behind },
        message,
      },
    ]),
  );
}
