/** A path into what rules and mappings can see: `data.room_id`. */
import { nearest } from '../../kit/problem.ts';
import { textLeaf } from '../shape/leaf.ts';
import type { Shape } from '../shape.ts';

const ROOTS = ['event', 'data', 'raw', 'request', 'params'] as const;

/** The path's steps: `data.recordUrl[0]` is `['data', 'recordUrl', '0']`. */
export function scopePath(): Shape<readonly string[]> {
  const expects = 'a path such as data.room_id';
  return textLeaf<readonly string[]>({
    expects,
    example: 'data.room_id',
    isPublic: true,
    schema: { pattern: '^(event|data|raw|request|params)[.\\[]' },
    parse: (text) => {
      const inside = /^\$\{(.*)\}$/.exec(text)?.[1] ?? text;
      const steps = inside.replace(/\[(\d+)\]/g, '.$1').split('.');
      const [root = '', ...rest] = steps;
      const isPath = steps.every((step) => /^[^\s[\]{}$|?"']+$/.test(step) && step !== '__proto__');
      if (isPath && rest.length > 0 && ROOTS.some((one) => one === root)) return { value: steps };
      const meant = nearest(root, ROOTS) ?? 'data';
      const advice = !isPath ? 'data.room_id' : rest.length > 0 ? [meant, ...rest].join('.') : `data.${root}`;
      return { wrong: `must be ${expects}, beginning with ${ROOTS.join(', ')}`, try: advice, code: 'CONFIG_BAD_PATH' };
    },
  });
}
