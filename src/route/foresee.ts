/** What can be said of a filter before any event comes: that it always holds, or never. */
import type { Schema } from '../model/schema.ts';
import type { LogicNode } from './logic-tree.ts';

/** True or false where every event of the scopes gives that; undefined where it depends. */
export function alwaysGives(_tree: LogicNode, _scopes: readonly Schema[]): boolean | undefined {
  return undefined;
}
