/** JSON with whole numbers kept exact: what a double would round becomes a bigint, and is written again as it was. */

declare global {
  interface JSON {
    /** A literal that JSON.stringify writes as it stands (ECMAScript 2026; not yet in TypeScript's library). */
    rawJSON(literal: string): object;
  }
}

export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly code: 'JSON_EMPTY' | 'JSON_NOT_UTF8' | 'JSON_TOO_DEEP' | 'JSON_MALFORMED' | 'JSON_NUMBER' | 'JSON_KEY';
      readonly message: string;
    };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text of UTF-8 bytes without a leading byte order mark, or undefined where the bytes are no UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The bytes of a text, out of Node's pool: for a small one a tenth of what a TextEncoder takes. */
export function encodeUtf8(text: string): Uint8Array {
  return Buffer.from(text);
}

/**
 * Reads JSON from bytes or text. The rules, each the only one for its case: a byte order mark is skipped; bytes that are not
 * UTF-8 are refused; of a repeated key the last one counts; a key `__proto__` is refused; whole numbers beyond 2^53 become
 * bigints; other numbers become the nearest double, and one that no double can hold (1e400) is refused; nesting past
 * `maxDepth` is refused before anything is parsed.
 */
export function parseJson(input: Uint8Array | string, maxDepth = 64): ParsedJson {
  const text = typeof input === 'string' ? input : decodeUtf8(input);
  if (text === undefined) return { ok: false, code: 'JSON_NOT_UTF8', message: 'the body is not valid UTF-8' };
  if (text.trim() === '') return { ok: false, code: 'JSON_EMPTY', message: 'the body is empty' };
  if (isDeeperThan(text, maxDepth)) {
    return { ok: false, code: 'JSON_TOO_DEEP', message: `the body is nested deeper than ${maxDepth} levels` };
  }
  try {
    const value: unknown = JSON.parse(text);
    return { ok: true, value: needsCare(value) ? JSON.parse(text, keepExact) : value };
  } catch (error) {
    if (error instanceof RefusedJson) return { ok: false, code: error.code, message: error.message };
    return { ok: false, code: 'JSON_MALFORMED', message: `the body is not JSON${placeOf(error as Error)}` };
  }
}

/** Whether bytes that look like a JSON object or array nest deeper than `maxDepth`; a look that parses nothing. */
export function isJsonDeeperThan(bytes: Uint8Array, maxDepth: number): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return /^(?:\xef\xbb\xbf)?\s*[{[]/.test(text) && isDeeperThan(text, maxDepth);
}

/** JSON text of a value whose whole numbers may be bigints. Undefined members are left out, as JSON.stringify does. */
export function stringifyJson(value: unknown, indent?: number): string {
  try {
    return JSON.stringify(value, undefined, indent);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(
      value,
      (_, member) => (typeof member === 'bigint' ? JSON.rawJSON(member.toString()) : member),
      indent,
    );
  }
}

/** Whether JSON.parse alone may have read a value wrongly: it rounds large numbers, and takes a key `__proto__`, however that is spelt. */
function needsCare(value: unknown): boolean {
  if (typeof value === 'number') return Math.abs(value) > Number.MAX_SAFE_INTEGER;
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(needsCare);
  for (const key in value) {
    if (key === '__proto__' || needsCare((value as Record<string, unknown>)[key])) return true;
  }
  return false;
}

/** Where the parser stopped. Its own message would quote the body, and with it whatever secret stands there. */
function placeOf(error: Error): string {
  const position = /at position (\d+)/.exec(error.message)?.[1];
  if (position !== undefined) return `: wrong at character ${position}`;
  return error.message.includes('end of JSON') ? ': it ends too early' : '';
}

class RefusedJson extends Error {
  readonly code: 'JSON_NUMBER' | 'JSON_KEY';
  constructor(code: 'JSON_NUMBER' | 'JSON_KEY', message: string) {
    super(message);
    this.code = code;
  }
}

function keepExact(this: unknown, key: string, value: unknown, context?: { source?: string }): unknown {
  if (key === '__proto__') throw new RefusedJson('JSON_KEY', 'the body holds a key "__proto__"');
  if (typeof value !== 'number') return value;
  const source = context?.source ?? '';
  if (!Number.isSafeInteger(value) && /^-?\d+$/.test(source)) return BigInt(source);
  if (!Number.isFinite(value))
    throw new RefusedJson('JSON_NUMBER', `the number ${source.slice(0, 30)} is out of range`);
  return value;
}

function isDeeperThan(text: string, maxDepth: number): boolean {
  if (!holdsMoreThan(text, maxDepth)) return false;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22) {
      i = endOfString(text, i);
    } else if (code === 0x7b || code === 0x5b) {
      if (++depth > maxDepth) return true;
    } else if (code === 0x7d || code === 0x5d) {
      depth--;
    }
  }
  return false;
}

/** Whether a text has more than so many opening brackets, wherever they stand: most have few, and need no closer look. */
function holdsMoreThan(text: string, count: number): boolean {
  let found = 0;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      if (++found > count) return true;
    }
  }
  return false;
}

/** The index of the quote that closes the string which opens at `start`; the text's length where none does. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}
