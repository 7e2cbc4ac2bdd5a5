/** Paths: checked against what an event can have, and compiled to a reader that touches own properties only. */
import { nearest } from '../../kit/problem.ts';
import { fieldAt, fieldBelow, fieldNames, type Schema, typesOf } from '../../model/schema.ts';
import { type Evaluate, MISSING, type Run } from '../run.ts';

export type PathLookup =
  | { readonly kind: 'known'; readonly schema: Schema; readonly optional: boolean }
  /** `step` is the index of the first step that leads nowhere, or, where any field may be, to what looks like a slip of the pen. */
  | {
      readonly kind: 'unknown';
      readonly step: number;
      readonly suggestion: string | undefined;
      readonly open: boolean;
    };

/**
 * What a path leads to. Where nothing is known of a value (an open format, a payload without a schema) any path goes and none
 * counts as optional: only the event can tell. Where other fields may be than are known (`raw.…`), one whose name is near a known
 * one, or stands elsewhere, is unknown unless it `isMeant`.
 */
export function lookUp(
  scope: Schema,
  steps: readonly string[],
  isMeant: (index: number) => boolean = () => false,
): PathLookup {
  let here = scope;
  let optional = false;
  for (const [index, step] of steps.entries()) {
    const next = step in Object.prototype && !owns(here, step) ? undefined : fieldAt(here, [step]);
    const before = steps.slice(0, index);
    if (!next) return { kind: 'unknown', step: index, suggestion: suggest(scope, here, before, step), open: false };
    const slip = isMeant(index) ? undefined : slipOf(here, before, step);
    if (slip !== undefined) return { kind: 'unknown', step: index, suggestion: slip, open: true };
    optional ||= next.optional && typesOf(here) !== undefined;
    here = next.schema;
  }
  return { kind: 'known', schema: here, optional };
}

function owns(schema: Schema, step: string): boolean {
  if (schema.anyOf?.some((one) => owns(one, step))) return true;
  return schema.properties !== undefined && Object.hasOwn(schema.properties, step);
}

/** The path that may have been meant where a step leads to a field that nobody documents. */
function slipOf(here: Schema, before: readonly string[], step: string): string | undefined {
  const names = fieldNames(here);
  if (names.length === 0 || names.includes(step)) return undefined;
  const near = nearest(step, names) ?? fieldBelow(here, step)?.join('.');
  return near === undefined ? undefined : [...before, near].join('.');
}

function suggest(scope: Schema, here: Schema, before: readonly string[], step: string): string | undefined {
  const near = nearest(step, fieldNames(here));
  if (near !== undefined) return [...before, near].join('.');
  if (before.length > 0) return undefined;
  const roots = fieldNames(scope).toSorted((a, b) => Number(b === 'data') - Number(a === 'data'));
  const elsewhere = roots.find((root) => fieldNames(scope.properties?.[root] ?? {}).includes(step));
  return elsewhere === undefined ? undefined : `${elsewhere}.${step}`;
}

/** Reads a path; null and what is not there are MISSING. */
export function compilePath(steps: readonly string[], text: string): Evaluate {
  const read = readerOf(steps);
  return (run) => {
    const value = read(run);
    if (run.trace !== null) run.trace.path(text, value === MISSING ? undefined : value);
    return value;
  };
}

function readerOf(steps: readonly string[]): Evaluate {
  const [root, first, second] = steps as readonly [string, ...string[]];
  if (steps.some((step) => step in Object.prototype || /^\d+$/.test(step))) return (run) => walk(run, steps);
  if (first === undefined) return (run) => present(run.scope[root]);
  if (second === undefined) return (run) => present(field(run.scope[root], first));
  if (steps.length === 3) return (run) => present(field(field(run.scope[root], first), second));
  return (run) => walk(run, steps);
}

/** A field by a name that no prototype has, so that a plain read finds own properties only. */
function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

function walk(run: Run, steps: readonly string[]): unknown {
  let here: unknown = run.scope;
  for (const step of steps) here = ownField(here, step);
  return present(here);
}

/** The item of a list or the own field of an object; undefined for anything else. */
export function ownField(value: unknown, step: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return /^\d+$/.test(step) ? value[Number(step)] : undefined;
  return Object.hasOwn(value, step) ? (value as Readonly<Record<string, unknown>>)[step] : undefined;
}

function present(value: unknown): unknown {
  return value === undefined || value === null ? MISSING : value;
}
