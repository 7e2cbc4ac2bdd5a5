import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dedupeKey } from '../../src/formats/dedupe-key.ts';

describe('a dedupe key', () => {
  it("is the sender's own id where that is short and plain", () => {
    expect(dedupeKey('56fd03e5-3965-4c2e-a6a9-bb6932347eb3')).toBe('56fd03e5-3965-4c2e-a6a9-bb6932347eb3');
  });

  it('is short, well-formed and free of control characters, whatever the values hold', () => {
    const value = fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.integer(), fc.bigInt());
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), (values) => {
        const key = dedupeKey(...values);
        expect(key).toMatch(/^[^\p{Cc}]{1,200}$/u);
        expect(key.isWellFormed()).toBe(true);
      }),
    );
  });

  it('is the same for the same values and another for others', () => {
    const values = fc.array(fc.string({ unit: 'binary', maxLength: 150 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(dedupeKey(...a)).toBe(dedupeKey(...a));
        expect(dedupeKey(...a) === dedupeKey(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
    expect(dedupeKey('a', 'b')).not.toBe(dedupeKey('a","b'));
    expect(dedupeKey('["a","b"]')).not.toBe(dedupeKey('a', 'b'));
    expect(dedupeKey('\ud800')).not.toBe(dedupeKey('\ud801'));
  });
});
