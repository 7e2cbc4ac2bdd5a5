/** Why an event matches a rule or not, in a sentence and condition by condition. */
import type { EventScope } from '../model/event.ts';
import type { CompiledLogic, ConditionTrace } from './filter.ts';

export interface RuleTrace<R> {
  readonly rule: R;
  readonly matched: boolean;
  /** `condition`: its filter does not hold. `failed`: its filter could not be evaluated, which makes a dead letter. */
  readonly why: 'matched' | 'disabled' | 'other_source' | 'other_type' | 'condition' | 'failed';
  /** For people, without the rule's name: `">" at relay.yaml:31:12 gives false for data.length = 42, 60`. */
  readonly message: string;
  /** Every condition that was evaluated; empty where it did not come to that. */
  readonly conditions: readonly ConditionTrace[];
  /** The condition that decided against it, else null. */
  readonly at: ConditionTrace | null;
}

interface Traceable {
  readonly sources: readonly string[] | null;
  readonly types: readonly string[] | null;
  readonly filter: CompiledLogic | null;
  readonly enabled?: boolean;
}

export function traceRule<R extends Traceable>(rule: R, { event, ...rest }: EventScope): RuleTrace<R> {
  const refused = (why: RuleTrace<R>['why'], message: string): RuleTrace<R> => ({
    rule,
    matched: false,
    why,
    message,
    conditions: [],
    at: null,
  });
  if (rule.enabled === false)
    return refused('disabled', 'it is switched off: it has "enabled: false" in the configuration');
  if (rule.sources && !rule.sources.includes(event.source)) {
    return refused('other_source', `it takes events from ${rule.sources.join(', ')}, not from ${event.source}`);
  }
  if (rule.types && !rule.types.includes(event.type)) {
    return refused('other_type', `it takes ${rule.types.join(', ')}, not ${event.type}`);
  }
  if (!rule.filter) return { ...refused('matched', 'it takes every such event'), matched: true };
  return traceFilter(rule, rule.filter, { event, ...rest });
}

function traceFilter<R>(rule: R, filter: CompiledLogic, scope: EventScope): RuleTrace<R> {
  const conditions = filter.trace(scope);
  try {
    if (filter.truthy(scope))
      return { rule, matched: true, why: 'matched', message: 'its filter holds', conditions, at: null };
  } catch (error) {
    const at = conditions.findLast((condition) => condition.error !== null) ?? null;
    return { rule, matched: false, why: 'failed', message: (error as Error).message, conditions, at };
  }
  const at = decisiveOf(conditions);
  return {
    rule,
    matched: false,
    why: 'condition',
    message: at ? sentenceOf(at) : 'its filter is never true',
    conditions,
    at,
  };
}

/** Of `and` it is the part at which it ended; any other condition decides as a whole. */
function decisiveOf(conditions: readonly ConditionTrace[]): ConditionTrace | null {
  let index = 0;
  while (conditions[index]?.operator === 'and') {
    const depth = (conditions[index]?.depth ?? 0) + 1;
    const part = conditions.findLastIndex(
      (one, at) => at > index && one.depth === depth && isWithin(conditions, index, at),
    );
    if (part < 0 || conditions[part]?.truthy) break;
    index = part;
  }
  return conditions[index] ?? null;
}

function isWithin(conditions: readonly ConditionTrace[], outer: number, inner: number): boolean {
  const depth = conditions[outer]?.depth ?? 0;
  return conditions.slice(outer + 1, inner + 1).every((one) => one.depth > depth);
}

function sentenceOf({ operator, operands, result, at }: ConditionTrace): string {
  const values = operands.map(({ path, value }) =>
    path === null ? (value ?? '…') : value === null ? path : `${path} = ${value}`,
  );
  if (operator === 'var') return `${values.join(', ')} at ${at.file}:${at.line}:${at.column}`;
  return `"${operator}" at ${at.file}:${at.line}:${at.column} gives ${result ?? 'nothing'} for ${values.join(', ')}`;
}
