/** Explanations as the admin API shows them: values as JSON text, so that no number is rounded on the way to a browser. */
import type * as api from '../admin/api-schema.ts';
import { stringifyJson } from '../kit/json.ts';
import type { EventScope } from '../model/event.ts';
import type { Format, FormatOptions } from '../model/format.ts';
import type { EventExplanation, RuleExplanation } from '../plan/explain-event.ts';
import type { TranslationTrace } from '../translate/mapping.ts';
import { emittedId } from '../translate/prepare.ts';
import type { TracedEmission, TracedField } from '../translate/trace.ts';
import { sentAs, type Written } from './sent-as.ts';

/** What a target's format makes of emitted events; undefined where the target is gone. */
export type WriterOf = (target: string) => { readonly format: Format; readonly options: FormatOptions } | undefined;

/** Longer values are cut: the event's page has them in full elsewhere. */
const LONGEST_VALUE = 2000;
/** Fields whose place in the request is looked for; the rest have none. */
const MOST_PROBES = 200;

export function presentExplanation(explanation: EventExplanation, writerOf: WriterOf): api.Explanation {
  const { unreadable, scope, rules } = explanation;
  return { unreadable, rules: rules.map((rule) => presentRule(rule, scope, writerOf)) };
}

function presentRule(rule: RuleExplanation, scope: EventScope | null, writerOf: WriterOf): api.ExplainedRule {
  return {
    rule: rule.rule,
    matched: rule.matched,
    why: rule.why,
    message: rule.message,
    conditions: rule.conditions.map(presentCondition),
    decided_by: rule.at && presentCondition(rule.at),
    lines: rule.lines.map(({ target, mapping, translation }) => {
      const writer = writerOf(target);
      return {
        target,
        mapping,
        translation: translation && scope ? presentTranslation({ translation, scope, writer }) : null,
      };
    }),
  };
}

interface Presented {
  readonly translation: TranslationTrace;
  readonly scope: EventScope;
  readonly writer: ReturnType<WriterOf>;
}

export function presentTranslation({ translation, scope, writer }: Presented): api.Translation {
  const { mapping, result, emissions } = translation;
  const written = writer ? writtenOf({ translation, scope, writer }) : [];
  let emitted = 0;
  let probes = MOST_PROBES;
  return {
    mapping,
    result: result.kind,
    reason: result.kind === 'emitted' ? null : result.reason,
    emissions: emissions.map((emission) => {
      const isEvent = emission.emit !== undefined && emission.when?.held !== false;
      const index = isEvent ? emitted++ : -1;
      const request = written[index];
      return presentEmission(emission, (field) =>
        request && probes-- > 0 ? sentAs(request, field).map((path) => ({ request: index, path })) : [],
      );
    }),
  };
}

/** The events that were emitted, each with the request that was made of it; empty where one cannot be written. */
function writtenOf({ translation, scope, writer }: Presented): readonly Written[] {
  if (translation.result.kind !== 'emitted' || !writer) return [];
  return translation.result.events.flatMap((event, index) => {
    const emitted = { ...event, id: emittedId(scope, index), time: scope.event.time };
    const result = writer.format.write(emitted, writer.options);
    return result.kind === 'written' ? [{ ...writer, event: emitted, request: result.request }] : [];
  });
}

function presentEmission(
  { emit, at, when, fields }: TracedEmission,
  placesOf: (field: string) => api.TracedField['sent_as'],
): api.Emission {
  return {
    emit: emit ?? null,
    at,
    when: when ? { held: when.held, steps: when.steps.map(presentCondition) } : null,
    fields: fields.map((field) => presentField(field, placesOf)),
  };
}

function presentField(field: TracedField, placesOf: (field: string) => api.TracedField['sent_as']): api.TracedField {
  return {
    field: field.field,
    at: field.at,
    value: shown(field.value),
    inputs: field.inputs.map(({ path, value }) => ({ path, value: shown(value) })),
    operators: field.operators.map(({ name, input, args, output }) => ({
      name,
      input: shown(input),
      args: args.map((arg) => shown(arg) ?? 'null'),
      output: shown(output),
    })),
    tables: field.tables.map(({ name, column = null, found }) => ({ name, column, found })),
    defaulted: field.defaulted,
    sent_as: field.value === undefined ? [] : placesOf(field.field),
  };
}

interface TracedCondition extends Omit<api.Condition, 'at'> {
  readonly at?: api.Place;
}

function presentCondition({ at, operator, depth, operands, result, truthy, error }: TracedCondition): api.Condition {
  return { operator, at: at ?? null, depth, operands, result, truthy, error };
}

function shown(value: unknown): string | null {
  if (value === undefined || typeof value === 'symbol') return null;
  const text = stringifyJson(value) ?? 'null';
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text;
}
