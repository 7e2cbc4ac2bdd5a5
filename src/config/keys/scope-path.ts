/** A path into what rules and mappings can see: `data.room_id`. */
import { nearest } from '../../kit/problem.ts';
import { dottedSteps } from '../../kit/value-at.ts';
import { SCOPE_ROOTS } from '../../model/scope-roots.ts';
import { settle, textLeaf, type Wrong } from '../shape/leaf.ts';
import type { Shape } from '../shape.ts';

const EXPECTS = 'a path such as data.room_id';
const EXAMPLE = 'data.room_id';

/** The path's steps: `data.recordUrl[0]` is `['data', 'recordUrl', '0']`. */
export function scopePath(): Shape<readonly string[]> {
  const leaf = textLeaf<readonly string[]>({
    expects: EXPECTS,
    example: EXAMPLE,
    isPublic: true,
    schema: { pattern: `^(${SCOPE_ROOTS.join('|')})[.\\[]` },
    parse: stepsOf,
  });
  return {
    ...leaf,
    read: (node, spot) => {
      const text = node.kind === 'value' && typeof node.value === 'string' ? node.value : '';
      const inside = /^\$\{\s*([a-z_][\w.[\]]*)\s*\}$/.exec(text)?.[1];
      if (inside === undefined) return leaf.read(node, spot);
      const steps = stepsOf(inside);
      const advice = 'value' in steps ? inside : steps.try;
      return settle(
        node,
        { wrong: 'is a path, which stands here without ${…}', try: advice, code: 'CONFIG_BAD_PATH' },
        spot,
      );
    },
  };
}

function stepsOf(text: string): { readonly value: readonly string[] } | Wrong {
  const steps = dottedSteps(text);
  const [root = '', ...rest] = steps;
  const isPath = steps.every((step) => /^[^\s[\]{}$|?"']+$/.test(step) && step !== '__proto__');
  const isRoot = SCOPE_ROOTS.some((one) => one === root);
  if (isPath && isRoot && rest.length > 0) return { value: steps };
  const wrong = `must be ${EXPECTS}, beginning with ${SCOPE_ROOTS.join(', ')}`;
  return { wrong, try: isPath && !isRoot ? pathMeant(root, rest) : EXAMPLE, code: 'CONFIG_BAD_PATH' };
}

function pathMeant(root: string, rest: readonly string[]): string {
  return rest.length > 0 ? [nearest(root, SCOPE_ROOTS) ?? 'data', ...rest].join('.') : `data.${root}`;
}
