/** How values come out of PostgreSQL: whole numbers as numbers (none here is beyond 2^53), bytes as bytes, the rest as the driver reads it. */
import { type CustomTypesConfig, types } from 'pg';

const BYTEA = 17;
const INT8 = 20;

const asNumber = (text: string): number => Number(text);

/** `\x` and hexadecimal digits. */
function asBytes(text: string): Uint8Array {
  const { buffer, byteOffset, length } = Buffer.from(text.slice(2), 'hex');
  return new Uint8Array(buffer, byteOffset, length);
}

export const parsers: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === INT8 && format !== 'binary') return asNumber;
    if (oid === BYTEA && format !== 'binary') return asBytes;
    return types.getTypeParser(oid, format as 'text');
  }) as CustomTypesConfig['getTypeParser'],
};
