/** A filter after it was checked: a tree in which every path is split, every pattern compiled and every node has its place. */
import type { Position } from '../kit/problem.ts';
import type { Operator } from './operators.ts';

export type LogicNode = LiteralNode | ListNode | VarNode | CallNode;

export type Literal = string | number | boolean | null;

export interface LiteralNode {
  readonly kind: 'literal';
  readonly at: Position;
  /** A scalar, or a list in which nothing is computed. */
  readonly value: Literal | readonly unknown[];
}
/** A list in which something is computed. */
export interface ListNode {
  readonly kind: 'list';
  readonly at: Position;
  readonly items: readonly LogicNode[];
}
export interface VarNode {
  readonly kind: 'var';
  readonly at: Position;
  readonly path: readonly string[];
  /** Given where the path is missing or leads through null. */
  readonly fallback: LogicNode | null;
}
export interface CallNode {
  readonly kind: 'call';
  readonly at: Position;
  readonly operator: Operator;
  readonly args: readonly LogicNode[];
  /** What was made of literal arguments at load: the paths of `missing`, the pattern of `matches`. */
  readonly prepared: Prepared | null;
}

export type Prepared =
  | { readonly kind: 'paths'; readonly paths: readonly (readonly string[])[] }
  | { readonly kind: 'test'; readonly test: (text: string) => boolean };

/** The parts of a node in the order of its arguments. */
export function partsOf(node: LogicNode): readonly LogicNode[] {
  switch (node.kind) {
    case 'literal':
      return [];
    case 'list':
      return node.items;
    case 'var':
      return node.fallback ? [node.fallback] : [];
    case 'call':
      return node.args;
  }
}
