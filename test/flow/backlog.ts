/** A backlog, written into a store as the door would have written it, but faster. */

import { systemClock } from '../../src/kit/clock.ts';
import { createEventIds, deliveryId } from '../../src/kit/ids.ts';
import type { Reason } from '../../src/model/outcome.ts';
import { openStore } from '../../src/stores/open.ts';
import { clip } from './sender.ts';

const BATCH = 2000;

/** Stores clips 1 to `count` of the source `bsr`, each with a delivery to the target `vod` that is due, or a dead letter. */
export async function fillBacklog(file: string, count: number, dead: Reason | null = null): Promise<void> {
  await using store = await openStore({ kind: 'sqlite', file }, { clock: systemClock });
  const newId = createEventIds(() => Date.now());
  for (let from = 1; from <= count; from += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, count - from + 1) }, (_, index) => from + index);
    await Promise.all(numbers.map((n) => store.inbox.save(arrivalOf(newId(), n, dead))));
  }
}

function arrivalOf(id: string, n: number, dead: Reason | null) {
  const receivedAt = Date.now();
  const headers = { 'content-type': 'application/json' };
  const request = { method: 'POST', path: '/in/bsr', search: '', headers, body: Buffer.from(clip(n)), receivedAt };
  const time = '2025-09-06T16:16:11.000Z';
  const envelope = {
    id,
    key: `clip.generated:${n}`,
    source: 'bsr',
    format: 'bsr',
    type: 'clip.generated',
    time,
    receivedAt,
  };
  const what = { rule: 'clips', target: 'vod', mapping: 'bsr-to-remotemonster', orderKey: null, dead };
  return {
    event: { ...envelope, state: 'accepted' as const, request },
    deliveries: [{ id: deliveryId(id, 1), ...what }],
    hold: [],
    holdUntil: 0,
  };
}
