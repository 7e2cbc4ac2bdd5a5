/** Where two JSON values differ, field by field. */
import { stringifyJson } from './json.ts';

export interface Difference {
  /** `body.thumbnail`, `query.chid`, `list[2]`; empty where the values differ as a whole. */
  readonly path: string;
  /** Undefined where the field is not there. */
  readonly before: unknown;
  readonly after: unknown;
}

/** The leaves in which two values differ, in the order of the fields of `before`, then what only `after` has. */
export function differences(before: unknown, after: unknown, path = ''): Difference[] {
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }).flatMap((_, index) => differences(before[index], after[index], `${path}[${index}]`));
  }
  if (isObject(before) && isObject(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) =>
      differences(own(before, name), own(after, name), path === '' ? name : `${path}.${name}`),
    );
  }
  return same(before, after) ? [] : [{ path, before, after }];
}

function same(before: unknown, after: unknown): boolean {
  if (before === undefined || after === undefined) return before === after;
  return stringifyJson(before) === stringifyJson(after);
}

function own(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
