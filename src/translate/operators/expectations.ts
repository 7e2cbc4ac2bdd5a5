/** What operators expect of types together, beyond the type of each: of a list's items, of two values that are compared. */
import type { Schema } from '../../model/schema.ts';
import { presentTypes, typeName, typeNames, unfitType } from '../value-types.ts';
import { itemsOf, type ValueType } from './operator.ts';

/** Says what is wrong where a list holds items that are none of the types. */
export function itemsAre(...types: readonly ValueType[]): (input: Schema) => string | undefined {
  return (input) => {
    if (presentTypes(input)?.includes('array') !== true) return undefined;
    const unfit = unfitType(itemsOf(input), types);
    return unfit && `takes a list of ${typeNames(types)}, and an item is ${typeName(unfit)}`;
  };
}

type Kind = 'number' | 'text' | 'other';

/** The kinds of values, as far as an order knows them; undefined where nothing is known. */
function kindsOf(schema: Schema): ReadonlySet<Kind> | undefined {
  const types = presentTypes(schema);
  return (
    types &&
    new Set(
      types.map(
        (type): Kind => (type === 'string' ? 'text' : type === 'integer' || type === 'number' ? 'number' : 'other'),
      ),
    )
  );
}

/** Says what is wrong where the values may not all be numbers or all be texts. */
export function haveAnOrder(...schemas: readonly Schema[]): string | undefined {
  const kinds = schemas.map(kindsOf).filter((one) => one !== undefined);
  const all = new Set(kinds.flatMap((one) => [...one]));
  if (all.has('other')) return 'compares numbers or texts, and one of these may be neither';
  return all.size > 1 ? 'compares two numbers or two texts, and these may be one of each' : undefined;
}
