/** Every operator by name: the one table behind the compiler, the checker, the command line and the reference. */
import { compareOperators } from './compare.ts';
import { convertOperators } from './convert.ts';
import { encodeOperators } from './encode.ts';
import { hashOperators } from './hashes.ts';
import { letterOperators } from './letters.ts';
import { listItemOperators } from './list-items.ts';
import { listShapeOperators } from './list-shapes.ts';
import { listOperators } from './lists.ts';
import { missingOperators } from './missing.ts';
import { numberOperators } from './numbers.ts';
import { objectOperators } from './objects.ts';
import type { Operator } from './operator.ts';
import { patternOperators } from './patterns.ts';
import { roundingOperators } from './rounding.ts';
import { textOperators } from './text.ts';
import { timeOperators } from './time.ts';
import { urlOperators } from './urls.ts';

export const operators: ReadonlyMap<string, Operator> = new Map(
  [
    missingOperators,
    convertOperators,
    letterOperators,
    textOperators,
    patternOperators,
    roundingOperators,
    numberOperators,
    timeOperators,
    listOperators,
    listItemOperators,
    listShapeOperators,
    objectOperators,
    compareOperators,
    urlOperators,
    encodeOperators,
    hashOperators,
  ].flatMap((family) => family.map((operator) => [operator.name, operator] as const)),
);
