/** A limit that may be lifted with a word: `days: 30` or `days: forever`. */
import type { Shape } from '../shape.ts';

/** Reads as null where the word stands. */
export function boundary(word: string, limit: Shape<number>): Shape<number | null> {
  return {
    expects: `${limit.expects}, or ${word}`,
    schema: { anyOf: [{ const: word }, limit.schema] },
    read: (node, spot) => (node.kind === 'value' && node.value === word ? null : limit.read(node, spot)),
  };
}
