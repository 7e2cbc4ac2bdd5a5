/** The admin API's explanations: why a rule matched or not, and where each field of an output came from. */
import Type from 'typebox';
import { oneOf, orNull, place, reason, record, type Shape, text } from './parts.ts';

const shown = (description: string) => orNull(Type.String({ description: `${description}, as JSON text.` }));

export const condition = record(
  {
    operator: Type.String(),
    at: orNull(place),
    depth: Type.Integer({ minimum: 0, description: 'How many conditions it stands within.' }),
    operands: Type.Array(
      record({
        path: orNull(Type.String({ description: 'What was read; null where it is a literal or another condition.' })),
        value: shown('What it was; null where it was not evaluated'),
      }),
    ),
    result: shown('What it gave; null where it failed'),
    truthy: Type.Boolean(),
    error: orNull(Type.String()),
  },
  { title: 'Condition' },
);
export type Condition = Shape<typeof condition>;

export const tracedField = record(
  {
    field: text('In the data that the mapping makes: `url`, `recordUrl[0]`.'),
    at: place,
    value: shown('What it became; null where the field was left out'),
    inputs: Type.Array(
      record({
        path: text('`data.room_id`, `params.media_base`'),
        value: shown('What stood there; null where nothing did'),
      }),
      { description: 'Every path that was read for it, in order.' },
    ),
    operators: Type.Array(
      record({ name: Type.String(), input: shown('Before'), args: Type.Array(Type.String()), output: shown('After') }),
    ),
    tables: Type.Array(
      record({
        name: Type.String(),
        column: orNull(text('Null where the whole row was asked for, or there is one value a row.')),
        found: Type.Boolean(),
      }),
      { description: 'Every table that it was looked for in, in order.' },
    ),
    defaulted: Type.Boolean({ description: 'True where a default or an alternative gave the value.' }),
    sent_as: Type.Array(
      record({
        request: Type.Integer({ minimum: 0, description: 'Which of the requests, from 0.' }),
        path: text('`query.url`, `body.payload.room_id`, `url_suffix`, `headers.x-room`'),
      }),
      { description: 'Where in the requests it stands; empty where it is in none by itself.' },
    ),
  },
  { title: 'TracedField' },
);
export type TracedField = Shape<typeof tracedField>;

export const emission = record(
  {
    emit: orNull(text('The event type; null for a drop.')),
    at: place,
    when: orNull(record({ held: Type.Boolean(), steps: Type.Array(condition) })),
    fields: Type.Array(tracedField),
  },
  { title: 'Emission' },
);
export type Emission = Shape<typeof emission>;

export const translation = record(
  {
    mapping: Type.String(),
    result: oneOf(['emitted', 'dropped', 'failed']),
    reason: orNull(reason),
    emissions: Type.Array(emission, { description: 'What was tried, in order.' }),
  },
  { title: 'Translation' },
);
export type Translation = Shape<typeof translation>;

export const explainedRule = record(
  {
    rule: Type.String(),
    matched: Type.Boolean(),
    why: oneOf(['matched', 'disabled', 'other_source', 'other_type', 'condition', 'failed']),
    message: text('A sentence that follows the name of the rule.'),
    conditions: Type.Array(condition),
    decided_by: orNull(condition),
    lines: Type.Array(
      record({
        target: Type.String(),
        mapping: orNull(text('Null where the body is forwarded byte for byte.')),
        translation: orNull(translation),
      }),
      { description: 'One for each target of the rule; empty where it does not match.' },
    ),
  },
  { title: 'ExplainedRule' },
);
export type ExplainedRule = Shape<typeof explainedRule>;

export const explanation = record(
  {
    unreadable: orNull(text('Why no rule can be asked, else null.')),
    rules: Type.Array(explainedRule),
  },
  {
    title: 'Explanation',
    description: "By today's rules and mappings, which may differ from those that were in force then.",
  },
);
export type Explanation = Shape<typeof explanation>;
