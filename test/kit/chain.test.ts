import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Chain, type Link } from '../../src/kit/chain.ts';

interface Entry extends Link<Entry> {
  readonly name: string;
}

const entry = (name: string): Entry => ({ name, chain: undefined, before: undefined, after: undefined });
const change = fc.record({ which: fc.nat(5), isPush: fc.boolean() });

describe('a chain', () => {
  it('holds what a set holds, in the same order', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        const entries = ['a', 'b', 'c', 'd', 'e', 'f'].map(entry);
        const set = new Set<Entry>();
        const chain = new Chain<Entry>();
        for (const { which, isPush } of changes) {
          const one = entries[which] as Entry;
          if (isPush && !set.has(one)) {
            set.add(one);
            chain.push(one);
          } else if (!isPush) expect(chain.remove(one)).toBe(set.delete(one));
          expect(chain.size).toBe(set.size);
          expect(chain.toArray().map(({ name }) => name)).toEqual([...set].map(({ name }) => name));
          expect(chain.first).toBe([...set][0]);
        }
      }),
    );
  });

  it('leaves no link to another entry in one that is taken out', () => {
    const chain = new Chain<Entry>();
    const [first, second, third] = [entry('a'), entry('b'), entry('c')];
    for (const one of [first, second, third]) chain.push(one);
    chain.remove(second);
    expect(second).toEqual(entry('b'));
    expect(first.after).toBe(third);
  });

  it('keeps an entry of another chain', () => {
    const [here, there] = [new Chain<Entry>(), new Chain<Entry>()];
    const one = entry('a');
    there.push(one);
    expect(here.remove(one)).toBe(false);
    expect(there.size).toBe(1);
  });
});
