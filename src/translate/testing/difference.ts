/** Where two JSON values differ, field by field: what a test of a mapping shows. */

export interface Difference {
  /** `[0].body.duration`. */
  readonly path: string;
  /** Undefined where nothing is expected there. */
  readonly expected: unknown;
  /** Undefined where there is nothing. */
  readonly actual: unknown;
}

const MOST = 100;

/** In the order of the expected value; at most 100. */
export function differences(expected: unknown, actual: unknown, path = ''): Difference[] {
  return [...compare(expected, actual, path)].slice(0, MOST);
}

function* compare(expected: unknown, actual: unknown, path: string): Generator<Difference> {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    for (let i = 0; i < Math.max(expected.length, actual.length); i++) {
      yield* compare(expected[i], actual[i], `${path}[${i}]`);
    }
  } else if (isObject(expected) && isObject(actual)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      yield* compare(own(expected, key), own(actual, key), path === '' ? key : `${path}.${key}`);
    }
  } else if (!Object.is(expected, actual) && expected !== actual) {
    yield { path, expected, actual };
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(value: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}
