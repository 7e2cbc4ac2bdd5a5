/** What a consumer has received, by clip, and whether repeats can be told from first tries. */
import { expect } from 'vitest';
import type { Received } from './consumer.ts';
import { clipNumber } from './sender.ts';

/** How often each clip came; each time with the same webhook-id and a higher number. */
export function timesByClip(received: readonly Received[]): Map<number, number> {
  const seen = new Map<number, { readonly id: unknown; attempt: number; times: number }>();
  for (const { body, headers } of received) {
    const n = clipNumber(body);
    const attempt = Number(headers['dragoman-attempt']);
    const before = seen.get(n);
    if (before) {
      expect(headers['webhook-id']).toBe(before.id);
      expect(attempt).toBeGreaterThan(before.attempt);
    }
    seen.set(n, { id: headers['webhook-id'], attempt, times: (before?.times ?? 0) + 1 });
  }
  return new Map([...seen].map(([n, { times }]) => [n, times]));
}
