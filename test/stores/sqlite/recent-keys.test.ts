/** The table of recent keys knows what a map knows. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecentKeys, hashKey } from '../../../src/stores/sqlite/recent-keys.ts';

describe('the table of recent keys', () => {
  it('finds every number under its hash, whatever was added and taken back', () => {
    const hash = fc.oneof(fc.constantFrom(0, 1, 2 ** 32 - 1, 7), fc.nat({ max: 2 ** 32 - 1 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.array(hash, { maxLength: 20 }), fc.boolean()), { maxLength: 20 }), (groups) => {
        const keys = createRecentKeys();
        const expected = new Map<number, number[]>();
        let seq = 0;
        for (const [hashes, isRolledBack] of groups) {
          keys.reserve(hashes.length, () => 0);
          for (const one of hashes) keys.add(one, ++seq);
          if (isRolledBack) {
            keys.undo(hashes.length);
            seq -= hashes.length;
          } else {
            for (const [index, one] of hashes.entries()) {
              expected.set(one, [...(expected.get(one) ?? []), seq - hashes.length + index + 1]);
            }
          }
        }
        for (const [one, seqs] of expected) expect(keys.candidates(one)).toEqual(seqs);
        expect(keys.size).toBe(seq);
      }),
    );
  });

  it('grows without losing any, and forgets what is gone before it grows', () => {
    const keys = createRecentKeys();
    const hashOf = (seq: number) => hashKey('bsr', `key ${seq}`);
    for (let seq = 1; seq <= 500_000; seq++) {
      if (seq % 1000 === 1) keys.reserve(1000, () => 0);
      keys.add(hashOf(seq), seq);
    }
    for (let seq = 1; seq <= 500_000; seq += 777) expect(keys.candidates(hashOf(seq))).toContain(seq);
    keys.reserve(400_000, () => 450_001);
    expect(keys.size).toBe(50_000);
    expect(keys.candidates(hashOf(450_000))).not.toContain(450_000);
    expect(keys.candidates(hashOf(450_001))).toContain(450_001);
  });

  it('spreads keys that differ in little', () => {
    const hashes = new Set(Array.from({ length: 100_000 }, (_, index) => hashKey('bsr', `room-${index}`)));
    expect(hashes.size).toBeGreaterThan(99_990);
    expect(hashKey('ab', 'c')).not.toBe(hashKey('a', 'bc'));
  });
});
