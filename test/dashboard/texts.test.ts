import { describe, expect, it } from 'vitest';
import { en } from '../../src/admin/dashboard/text/en.ts';
import { zh } from '../../src/admin/dashboard/text/zh.ts';

/** Every text of a language by its path; functions are called with marks that have to come out again. */
function texts(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') {
    const marks = Array.from({ length: value.length }, (_, index) => `<${index}>`);
    return [[path, String(value(...marks))]];
  }
  return Object.entries(value as object).flatMap(([name, part]) => texts(part, path === '' ? name : `${path}.${name}`));
}

const chinese = new Map(texts(zh));

describe('the texts of the dashboard', () => {
  it('are all in Chinese too, with everything that is put into them', () => {
    const marks = (text: string): string[] => text.match(/<\d>/g)?.toSorted() ?? [];
    const wrong = texts(en).filter(([path, english]) => {
      const text = chinese.get(path) ?? '';
      return !/\p{Script=Han}/u.test(text) || marks(text).join() !== marks(english).join();
    });
    expect(wrong).toEqual([]);
  });

  it('has no text in Chinese that English has not', () => {
    expect([...chinese.keys()]).toEqual(texts(en).map(([path]) => path));
  });
});
