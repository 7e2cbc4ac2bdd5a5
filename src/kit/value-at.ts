/** A path's steps and the value at it, read alike by filters, mappings, orders and alarms. */

/** A step that counts the items of a list. */
export const INDEX = /^(?:0|[1-9]\d*)$/;

/** The steps of a path as people write it: `a.list[0].b`. */
export function dottedSteps(path: string): string[] {
  return path.replace(/\[(\d+)\]/g, '.$1').split('.');
}

/** Among own properties and list items only; undefined where it is missing. */
export function valueAt(value: unknown, steps: readonly (string | number)[]): unknown {
  let here = value;
  for (let i = 0; i < steps.length; i++) {
    if (typeof here !== 'object' || here === null) return undefined;
    const step = steps[i] as string;
    if (!Object.hasOwn(here, step)) return undefined;
    if (Array.isArray(here) && !INDEX.test(step)) return undefined;
    here = (here as Record<string, unknown>)[step];
  }
  return here;
}
