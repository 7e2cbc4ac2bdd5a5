/** Every operator by name: the one table behind the compiler, the checker, the command line and the reference. */
import { convertOperators } from './convert.ts';
import { listOperators } from './lists.ts';
import { missingOperators } from './missing.ts';
import { numberOperators } from './numbers.ts';
import type { Operator } from './operator.ts';
import { textOperators } from './text.ts';

export const operators: ReadonlyMap<string, Operator> = new Map(
  [...missingOperators, ...convertOperators, ...textOperators, ...numberOperators, ...listOperators].map((operator) => [
    operator.name,
    operator,
  ]),
);

/** What other languages call our operators: for advice when one of these is written. */
export const foreignNames: ReadonlyMap<string, string> = new Map([
  ['upcase', 'upper'],
  ['downcase', 'lower'],
]);
