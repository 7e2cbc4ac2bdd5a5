/** A field that comes in more than one JSON type, for schemas of what is on the wire. */
import Type, { type TUnsafe } from 'typebox';
import type { SchemaType } from '../model/schema.ts';

export function either<Value>(
  types: readonly SchemaType[],
  description: string,
): TUnsafe<Value> & { readonly type: readonly SchemaType[] } {
  return Type.Unsafe<Value>({ type: types, description }) as TUnsafe<Value> & { readonly type: readonly SchemaType[] };
}
