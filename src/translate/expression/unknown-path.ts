/** What to say of a path that leads nowhere: by where it stops, and what its first step was meant to be. */
import type { Problem } from '../../kit/problem.ts';
import { fieldAt, fieldNames, type Schema, typesOf } from '../../model/schema.ts';
import { operators } from '../operators/index.ts';
import type { Expression } from './parse.ts';

/** Of a `with.…` that a fragment reads and is not given: told where the fragment is used. */
export const NOT_GIVEN = 'MAPPING_NOT_GIVEN';

export interface UnknownPath {
  readonly tree: Expression & { kind: 'path' };
  readonly scope: Schema;
  /** The index of the first step that leads nowhere. */
  readonly step: number;
  readonly suggestion: string | undefined;
  /** Any field may be there, and this one looks mistyped. */
  readonly open: boolean;
}

export function unknownPath({
  tree: { steps, text },
  scope,
  step,
  suggestion,
  open,
}: UnknownPath): Omit<Problem, 'at'> {
  const code = 'MAPPING_UNKNOWN_PATH';
  const meant = suggestion === undefined ? undefined : `did you mean ${suggestion}?`;
  if (steps[0] === 'params' && step === 1) {
    const advice = meant ?? `declare it under params: { ${steps[1]}: { about: … } }`;
    return { code: 'MAPPING_UNDECLARED_PARAM', message: `the mapping declares no param ${steps[1]}`, try: advice };
  }
  if (steps[0] === 'with') {
    const message = `the fragment is used without ${text}`;
    return { code: NOT_GIVEN, message, try: `with: { ${steps[1] ?? 'name'}: … }` };
  }
  if (steps.length === 1) return { code, ...unknownWord(text, scope, meant) };
  const upTo = steps.slice(0, step + 1).join('.');
  if (open) {
    const own = `${steps.slice(0, step).join('.')}[${JSON.stringify(steps[step])}]`;
    const advice = `${meant} or ${own}, where the sender does write it`;
    return { code, message: `${upTo} is in no documentation of this event`, try: advice };
  }
  const message = `${upTo === text ? text : `${text}: ${upTo}`} is not there in this event`;
  return { code, message, try: meant ?? belowData(scope, steps, text) ?? insteadOf(scope, steps.slice(0, step)) };
}

const MOST_NAMES = 8;

/** The path with `data` before it, where that is what it lacks. */
function belowData(scope: Schema, steps: readonly string[], text: string): string | undefined {
  const isLacking = /^[A-Za-z_]/.test(text) && fieldAt(scope, steps.slice(0, 1)) === undefined;
  return isLacking && fieldAt(scope, ['data', ...steps]) ? `did you mean data.${text}?` : undefined;
}

/** What can be read where a path still leads somewhere. */
function insteadOf(scope: Schema, before: readonly string[]): string {
  const here = fieldAt(scope, before)?.schema ?? {};
  const path = before.join('.');
  const names = fieldNames(here);
  if (names.length > 0) {
    const listed = names.slice(0, MOST_NAMES).map((name) => (path === '' ? name : `${path}.${name}`));
    return `one of ${listed.join(', ')}${names.length > MOST_NAMES ? ', …' : ''}`;
  }
  return typesOf(here)?.includes('array') ? `${path}[0], or ${path} | map(it.…)` : `${path}, which has no fields`;
}

function unknownWord(
  word: string,
  scope: Schema,
  meant: string | undefined,
): { readonly message: string; readonly try: string } {
  if (operators.has(word) && fieldAt(scope, ['data', word])) {
    return { message: `${word} is an operator, not a value`, try: `did you mean data.${word}?` };
  }
  if (operators.has(word)) {
    return { message: `${word} is an operator, not a value`, try: `put it behind a value: \${data.… | ${word}}` };
  }
  const roots = Object.keys(scope.properties ?? {}).join(', ');
  return { message: `${word} is not known here`, try: meant ?? `one of ${roots}, or "${word}" in quotes` };
}
