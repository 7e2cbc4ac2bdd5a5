/** Why an event goes where it goes: every rule with the condition that decided, and every field with where its value came from. */
import type { AcceptedEvent } from '../model/delivery.ts';
import type { EventScope } from '../model/event.ts';
import type { RuleTrace } from '../route/rules.ts';
import type { TranslationTrace } from '../translate/mapping.ts';
import { scopeOf } from './journey.ts';
import type { Plan, PlannedRule } from './plan.ts';

export interface EventExplanation {
  /** Why nothing can be said, else null: an ignored type, or bytes that today's formats do not read. */
  readonly unreadable: string | null;
  readonly scope: EventScope | null;
  readonly rules: readonly RuleExplanation[];
}

export interface RuleExplanation {
  readonly rule: string;
  readonly matched: boolean;
  readonly why: RuleTrace<PlannedRule>['why'];
  readonly message: string;
  readonly conditions: RuleTrace<PlannedRule>['conditions'];
  readonly at: RuleTrace<PlannedRule>['at'];
  /** Empty where the rule does not match. */
  readonly lines: readonly LineExplanation[];
}

export interface LineExplanation {
  readonly target: string;
  /** False where the configuration has switched the target off: what is for it waits. */
  readonly enabled: boolean;
  /** Null: forwarded byte for byte. */
  readonly mapping: string | null;
  readonly translation: TranslationTrace | null;
}

/** Explains a stored event with the rules and mappings of a plan. Pure; sends nothing. */
export function explainEvent(event: AcceptedEvent, plan: Plan): EventExplanation {
  if (event.state === 'ignored') {
    return {
      unreadable: `format ${event.format} has no event "${event.type}", so no rule saw it`,
      scope: null,
      rules: [],
    };
  }
  const scope = scopeOf(event, plan);
  if ('reason' in scope) return { unreadable: scope.reason.message, scope: null, rules: [] };
  return { unreadable: null, scope, rules: plan.router.trace(scope).map((trace) => explainRule(trace, scope, plan)) };
}

function explainRule(trace: RuleTrace<PlannedRule>, scope: EventScope, plan: Plan): RuleExplanation {
  const { rule, matched, why, message, conditions, at } = trace;
  const lines = matched
    ? rule.lines.map((line) =>
        explainLine({ target: line.target, mapping: line.mappings.get(scope.event.format) ?? null }, scope, plan),
      )
    : [];
  return { rule: rule.name, matched, why, message, conditions, at, lines };
}

function explainLine(
  line: Pick<LineExplanation, 'target' | 'mapping'>,
  scope: EventScope,
  plan: Plan,
): LineExplanation {
  const mapping = line.mapping === null ? undefined : plan.mappings.get(line.mapping);
  const enabled = plan.config.targets.find(({ name }) => name === line.target)?.enabled ?? true;
  return { ...line, enabled, translation: mapping?.explain(scope) ?? null };
}
