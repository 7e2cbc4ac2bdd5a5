import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Register } from '../../src/kit/register.ts';

const change = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), value: fc.nat(), isSet: fc.boolean() });

describe('a register', () => {
  it('holds what a map holds, in the same order', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        const map = new Map<string, number>();
        const register = new Register<number>();
        for (const { key, value, isSet } of changes) {
          if (isSet) {
            map.set(key, value);
            register.set(key, value);
          } else expect(register.delete(key)).toBe(map.delete(key));
          expect(register.size).toBe(map.size);
          expect([...register.values()]).toEqual([...map.values()]);
          expect(register.first()).toBe([...map.values()][0]);
          expect(register.get(key)).toBe(map.get(key));
        }
      }),
    );
  });

  it('goes on while entries are deleted under it', () => {
    const register = new Register<string>();
    for (const one of ['a', 'b', 'c', 'd']) register.set(one, one);
    const seen: string[] = [];
    for (const one of register.values()) {
      seen.push(one);
      register.delete(one);
      if (one === 'b') register.delete('c');
    }
    expect(seen).toEqual(['a', 'b', 'd']);
    expect(register.size).toBe(0);
  });
});
