/** JSON to and from text without rounding: whole numbers beyond 2^53, as room ids may be, become bigints. */

type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;

/** Throws a SyntaxError. Where a browser does not tell a number's source, large numbers are rounded as JSON.parse does. */
export function parseExact(text: string): unknown {
  const reviver: Reviver = (_, value, context) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
      ? BigInt(context?.source ?? 0)
      : value;
  return JSON.parse(text, reviver);
}

/** One leaf as JSON text. */
export function leafText(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  return JSON.stringify(value) ?? 'null';
}
