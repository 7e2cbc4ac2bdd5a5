/** Rules: which of them an event matches, found by source, event type and value before any filter is evaluated. */
import type { EventScope } from '../model/event.ts';
import type { Reason } from '../model/outcome.ts';
import { type Candidates, indexByEquality } from './equality-index.ts';
import { type CompiledLogic, LogicError } from './filter.ts';
import { type RuleTrace, traceRule } from './trace-rule.ts';

export type { RuleTrace } from './trace-rule.ts';

/** What the router has to know of a rule; it gives back the rules that it was given. */
export interface RuleShape {
  readonly name: string;
  /** Null: all sources. */
  readonly sources: readonly string[] | null;
  /** Event types; null: all. */
  readonly types: readonly string[] | null;
  /** Null: always. */
  readonly filter: CompiledLogic | null;
  /** False: no event matches it. Left out: true. */
  readonly enabled?: boolean;
}

export interface Match<R> {
  readonly rule: R;
  /** Why the filter could not be evaluated: the delivery is then a dead letter. Null where it matched. */
  readonly failed: Reason | null;
}

export interface Router<R> {
  /** The rules that an event matches and those whose filter failed, in the order of the rules. Never throws. */
  route(scope: EventScope): readonly Match<R>[];
  /** Every rule in order, and why an event matches it or not. Never throws. */
  trace(scope: EventScope): readonly RuleTrace<R>[];
}

const NO_MATCH: readonly never[] = [];

/** The rules are indexed here, once; what they hold must not change afterwards. */
export function createRouter<R extends RuleShape>(rules: readonly R[]): Router<R> {
  const cells = cellsOf(rules);
  return {
    route(scope) {
      const { source, type } = scope.event;
      const found = [
        cells.get(source)?.get(type),
        cells.get(source)?.get(null),
        cells.get(null)?.get(type),
        cells.get(null)?.get(null),
      ];
      let matches: Match<R>[] | undefined;
      for (const position of candidatesIn(found, scope)) {
        const rule = rules[position] as R;
        const failed = judged(rule, scope);
        if (failed === false) continue;
        matches ??= [];
        matches.push({ rule, failed });
      }
      return matches ?? NO_MATCH;
    },
    trace: (scope) => rules.map((rule) => traceRule(rule, scope)),
  };
}

/** By source, then by event type; null stands for all. A rule is in one cell for each of its sources and types. */
type Cells = ReadonlyMap<string | null, ReadonlyMap<string | null, Candidates>>;

function cellsOf(rules: readonly RuleShape[]): Cells {
  const cells = new Map<string | null, Map<string | null, number[]>>();
  for (const [position, rule] of rules.entries()) {
    if (rule.enabled === false) continue;
    for (const source of new Set(rule.sources ?? [null])) {
      const byType = cells.get(source) ?? new Map<string | null, number[]>();
      cells.set(source, byType);
      for (const type of new Set(rule.types ?? [null])) {
        const cell = byType.get(type);
        if (cell) cell.push(position);
        else byType.set(type, [position]);
      }
    }
  }
  const indexed = (positions: readonly number[]): Candidates =>
    indexByEquality(positions.map((position) => ({ position, equalities: rules[position]?.filter?.equalities ?? [] })));
  return new Map(
    [...cells].map(([source, byType]) => [
      source,
      new Map([...byType].map(([type, positions]) => [type, indexed(positions)])),
    ]),
  );
}

/** A rule is found in one of the cells at most, so merging them is sorting. */
function candidatesIn(cells: readonly (Candidates | undefined)[], scope: EventScope): readonly number[] {
  let merged: readonly number[] = NO_MATCH;
  let isSorted = true;
  for (const candidates of cells) {
    const found = candidates?.(scope) ?? NO_MATCH;
    if (found.length === 0) continue;
    isSorted = merged.length === 0;
    merged = isSorted ? found : [...merged, ...found];
  }
  return isSorted ? merged : merged.toSorted((a, b) => a - b);
}

/** Null: it matches. False: it does not. A reason: it could not be evaluated. */
function judged(rule: RuleShape, scope: EventScope): Reason | null | false {
  if (!rule.filter) return null;
  try {
    return rule.filter.truthy(scope) ? null : false;
  } catch (error) {
    if (!(error instanceof LogicError)) throw error;
    return { code: error.code, message: `rule "${rule.name}": ${error.message}` };
  }
}
