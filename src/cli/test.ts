/** `dragoman test [NAME…]`: runs the tests that stand beside the mappings. */
import { Failure, type Terminal } from './terminal.ts';

export function run(_input: { readonly terminal: Terminal }): void {
  throw new Failure('not here yet');
}
