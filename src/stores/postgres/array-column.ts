/** Builds arrays in PostgreSQL's binary form, a column of a multi-row statement each: no quoting, no parsing, bytes as they are. */

/** The object ids of PostgreSQL's built-in types. */
const OID = { text: 25, bytea: 17, int4: 23, int8: 20, uuid: 2950 } as const;

type Kind = keyof typeof OID;

/**
 * SQL for columns (`event text, position int4`), each out of an array that is a parameter, numbered from `first`. In the list of a SELECT the
 * arrays are walked together, without the copy of each that `FROM unnest(…)` makes.
 */
export function unnested(columns: string, first = 1): string {
  return columns
    .split(', ')
    .map((column, index) => {
      const [name, type] = column.split(' ');
      return `unnest($${first + index}::${type}[]) AS ${name}`;
    })
    .join(', ');
}

const DIMENSIONS = 1;
const FIRST_INDEX = 1;
const HEADER_BYTES = 20;

/** A UTF-16 unit takes no more bytes in UTF-8. */
const BYTES_PER_UNIT = 3;

/** Where texts are written before their length is known: what is handed out is a copy of just that length. */
let scratch: Buffer = Buffer.allocUnsafeSlow(0);
const LARGEST_SCRATCH = 2 ** 20;

function sheet(bytes: number): Buffer {
  if (bytes > LARGEST_SCRATCH) return Buffer.allocUnsafe(bytes);
  if (bytes > scratch.length) scratch = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(bytes)));
  return scratch;
}

export function textArray(values: readonly (string | null)[]): Buffer {
  let most = HEADER_BYTES;
  for (const value of values) most += 4 + (value === null ? 0 : value.length * BYTES_PER_UNIT);
  const buffer = headed('text', sheet(most), values.length);
  if (values.length === 0) return Buffer.from(buffer);
  let at = HEADER_BYTES;
  for (const value of values) {
    const length = value === null ? -1 : buffer.write(value, at + 4);
    at = buffer.writeInt32BE(length, at) + Math.max(0, length);
  }
  return Buffer.from(buffer.subarray(0, at));
}

export function byteArray(values: readonly (Uint8Array | null)[], kind: 'bytea' | 'uuid' = 'bytea'): Buffer {
  let size = HEADER_BYTES;
  for (const value of values) size += 4 + (value?.length ?? 0);
  const buffer = headed(kind, Buffer.allocUnsafe(size), values.length);
  let at = HEADER_BYTES;
  for (const value of values) {
    at = buffer.writeInt32BE(value === null ? -1 : value.length, at);
    if (value === null) continue;
    buffer.set(value, at);
    at += value.length;
  }
  return buffer;
}

export function intArray(values: readonly (number | null)[]): Buffer {
  const buffer = headed('int4', Buffer.allocUnsafe(HEADER_BYTES + 8 * values.length), values.length);
  let at = HEADER_BYTES;
  for (const value of values) {
    at = buffer.writeInt32BE(value === null ? -1 : 4, at);
    if (value !== null) at = buffer.writeInt32BE(value, at);
  }
  return buffer.subarray(0, at);
}

/** Whole numbers up to 2^53. */
export function bigintArray(values: readonly (number | null)[]): Buffer {
  const buffer = headed('int8', Buffer.allocUnsafe(HEADER_BYTES + 12 * values.length), values.length);
  let at = HEADER_BYTES;
  for (const value of values) {
    at = buffer.writeInt32BE(value === null ? -1 : 8, at);
    if (value === null) continue;
    at = buffer.writeInt32BE(Math.floor(value / 2 ** 32), at);
    at = buffer.writeUInt32BE(value >= 0 ? value % 2 ** 32 : ((value % 2 ** 32) + 2 ** 32) % 2 ** 32, at);
  }
  return buffer.subarray(0, at);
}

function headed(kind: Kind, buffer: Buffer, count: number): Buffer {
  buffer.writeInt32BE(count === 0 ? 0 : DIMENSIONS, 0);
  buffer.writeInt32BE(1, 4); // there may be nulls
  buffer.writeInt32BE(OID[kind], 8);
  buffer.writeInt32BE(count, 12);
  buffer.writeInt32BE(FIRST_INDEX, 16);
  return count === 0 ? buffer.subarray(0, 12) : buffer;
}
