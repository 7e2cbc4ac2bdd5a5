/** The paths that a filter reads: how their values are found in an event, and whether any event can have them. */
import { nearest } from '../kit/problem.ts';
import { dottedSteps, INDEX, valueAt } from '../kit/value-at.ts';
import { fieldAt, fieldBelow, fieldNames, leavesDocumented, type Schema } from '../model/schema.ts';

/** Finds a path's value; undefined where it is missing. */
export function readerOf(steps: readonly string[]): (scope: unknown) => unknown {
  return (scope) => valueAt(scope, steps);
}

/**
 * The schemas that a path has, of those that have it: none where no event can have it, or where it looks like a slip of the pen among
 * fields of which not all are known (`raw.…`).
 */
export function schemasAt(scopes: readonly Schema[], steps: readonly string[]): Schema[] {
  return scopes.flatMap((scope) => (slipIn(scope, steps) ? [] : (fieldAt(scope, steps)?.schema ?? [])));
}

/** The path that may have been meant where a step leads to a field that nobody documents. */
function slipIn(scope: Schema, steps: readonly string[]): readonly string[] | undefined {
  const index = leavesDocumented(scope, steps);
  if (index === undefined) return undefined;
  const before = steps.slice(0, index);
  const here = fieldAt(scope, before)?.schema ?? {};
  const step = steps[index] as string;
  const near = nearest(step, fieldNames(here));
  const meant = near === undefined ? fieldBelow(here, step) : [near];
  return meant && [...before, ...meant, ...steps.slice(index + 1)];
}

/** Whether a schema says so of every step of a path, and does not just leave room for any. */
export function isNamed(scopes: readonly Schema[], steps: readonly string[]): boolean {
  return steps.every((step, index) => {
    const before = schemasAt(scopes, steps.slice(0, index));
    const isItem = INDEX.test(step) && before.some(({ items }) => items !== undefined);
    return isItem || before.some((schema) => fieldNames(schema).includes(step));
  });
}

/** The path that was probably meant by one that no scope has, or what stands where it goes wrong. */
export function meantBy(scopes: readonly Schema[], steps: readonly string[]): string | undefined {
  for (const guess of [dottedSteps(steps.join('.')), ['data', ...steps]]) {
    if (schemasAt(scopes, guess).length > 0) return guess.join('.');
  }
  for (const scope of scopes) {
    const meant = slipIn(scope, steps);
    if (meant && schemasAt([scope], meant).length > 0) return meant.join('.');
  }
  let known = 0;
  while (schemasAt(scopes, steps.slice(0, known + 1)).length > 0) known++;
  const names = [...new Set(schemasAt(scopes, steps.slice(0, known)).flatMap(fieldNames))];
  const near = nearest(steps[known] ?? '', names);
  const before = steps.slice(0, known);
  if (near !== undefined) {
    const whole = [...before, near, ...steps.slice(known + 1)];
    return (schemasAt(scopes, whole).length > 0 ? whole : [...before, near]).join('.');
  }
  if (names.length === 0) return undefined;
  const listed = names.slice(0, 8).map((name) => [...before, name].join('.'));
  return `one of ${listed.join(', ')}${names.length > 8 ? ', …' : ''}`;
}
