/** At the door: a compressed body back to its bytes, never to more than the source's limit. */
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflateRaw, inflate as inflateZlib } from 'node:zlib';
import type { ContentCoding } from './media.ts';
import { type Refusal, refusal } from './refusal.ts';

const inflaters = {
  gzip: promisify(gunzip),
  br: promisify(brotliDecompress),
  deflate: promisify(inflateZlib),
  rawDeflate: promisify(inflateRaw),
};

/**
 * Inflates at most `limit` bytes. `deflate` is read with and without its zlib header, since senders disagree; bytes
 * after the end of the compressed data are refused.
 */
export async function inflate(
  bytes: Uint8Array,
  coding: Exclude<ContentCoding, 'identity'>,
  limit: number,
): Promise<Uint8Array | Refusal> {
  const inflater = inflaters[coding === 'deflate' && !hasZlibHeader(bytes) ? 'rawDeflate' : coding];
  try {
    return ownBytes(await inflater(bytes, { maxOutputLength: Math.max(limit, 1), rejectGarbageAfterEnd: true }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      return refusal('BODY_TOO_LARGE', `the body is larger than ${limit} bytes once it is inflated`);
    }
    return refusal('BODY_CORRUPT', `the body is not valid ${coding}`);
  }
}

/** The bytes in an ArrayBuffer of exactly their size: a view into a shared pool would keep all of it. */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? new Uint8Array(bytes.buffer) : new Uint8Array(bytes);
}

function hasZlibHeader(bytes: Uint8Array): boolean {
  const first = bytes[0] ?? 0;
  return (first & 0x0f) === 8 && ((first << 8) | (bytes[1] ?? 0)) % 31 === 0;
}
