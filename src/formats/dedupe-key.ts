/** Makes the key by which the inbox tells a repeat from a new event. */
import { createHash } from 'node:crypto';

/** Keys are indexed by every store; a longer one is replaced by its hash. */
const LONGEST = 200;

/**
 * A key of the sender's own id, or of several values that together are one event. The same values always give the same key, and
 * different ones different keys. The text is short, has no control characters and is well-formed, whatever the values hold.
 */
export function dedupeKey(...values: readonly (string | number | bigint)[]): string {
  const [only] = values;
  if (values.length === 1 && typeof only === 'string' && isPlain(only)) return only;
  const text = JSON.stringify(values.map((value) => (typeof value === 'string' ? value : String(value))));
  return text.length <= LONGEST ? text : `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

function isPlain(text: string): boolean {
  return text !== '' && text.length <= LONGEST && text.isWellFormed() && !/^(?:\[|sha256:)|\p{Cc}/u.test(text);
}
