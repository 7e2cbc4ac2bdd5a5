/** A limit that may be lifted with a word: `days: 30` or `days: forever`. */
import { nearest } from '../../kit/problem.ts';
import type { YamlNode } from '../../kit/yaml.ts';
import { settle } from '../shape/leaf.ts';
import type { Shape, Spot } from '../shape.ts';

/** Reads as null where the word stands. */
export function boundary(word: string, limit: Shape<number>): Shape<number | null> {
  const expects = `${limit.expects}, or ${word}`;
  return {
    expects,
    schema: { anyOf: [{ const: word }, limit.schema] },
    read: (node, spot) => {
      const filled = node.kind === 'value' ? spot.reader.fill(node, { isPublic: true }) : undefined;
      if (filled?.value === word) return null;
      const isMeant = filled?.isFilled === false && nearest(filled.written, [word]) !== undefined;
      if (isMeant) return settle(node, { wrong: `must be ${expects}`, try: word }, spot);
      return limit.read(node, withWord(word, node, spot));
    },
  };
}

/** Whoever follows the advice must not lose events to a limit that was not meant: the word is part of it, unless it repeats what is written. */
function withWord(word: string, node: YamlNode, { name, reader }: Spot): Spot {
  const amount = node.kind === 'value' ? /^\s*(\d+)/.exec(String(node.value))?.[1] : undefined;
  return {
    name,
    reader: {
      ...reader,
      problem: (found) => {
        const isRepeated = amount !== undefined && found.try?.startsWith(amount);
        reader.problem(isRepeated ? found : { ...found, try: `${found.try}, or ${word}` });
      },
    },
  };
}
