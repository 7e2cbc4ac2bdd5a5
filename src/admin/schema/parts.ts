/** The admin API's smallest parts: what several of its answers are made of. */
import Type, { type Static, type TSchema } from 'typebox';

/** What a schema describes, as callers and handlers see it: nothing in it is changed. */
export type Shape<T extends TSchema> = Frozen<Static<T>>;
type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

const closed = { additionalProperties: false } as const;

/** An object with exactly these members. With a title it becomes a schema of its own in the OpenAPI document. */
export function record<T extends Record<string, TSchema>>(
  members: T,
  about: { title?: string; description?: string } = {},
) {
  return Type.Object(members, { ...closed, ...about });
}

export function orNull<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

export function oneOf<const T extends readonly string[]>(words: T, about: { description?: string } = {}) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...words], ...about });
}

export function page<T extends TSchema>(item: T, title: string) {
  return record(
    {
      items: Type.Array(item),
      next: orNull(
        Type.String({
          description:
            'Cursor of the next, older page: hand it back as `before`. A page may be short, even empty, and yet have one: the search goes on from there.',
        }),
      ),
    },
    { title },
  );
}

export const instant = (description?: string) => Type.String({ format: 'date-time', ...said(description) });
export const count = (description?: string) => Type.Integer({ minimum: 0, ...said(description) });
export const named = (description: string) => Type.String({ description });
export const text = (description: string) => Type.String({ description });
/** Any JSON; whole numbers may lie beyond 2^53, so a reader that must not round them parses with care. */
export const anyJson = (description: string) => Type.Unknown({ description });
export const headers = Type.Record(Type.String(), Type.String(), {
  description: 'Lower-case names; secrets are `***`.',
});

export const reason = record(
  {
    code: Type.String({ description: 'Stable: `HTTP_410`, `TIMEOUT`, `MAPPING_MISSING_VALUE`.' }),
    message: Type.String(),
  },
  { title: 'Reason' },
);
export type Reason = Shape<typeof reason>;

export const place = record(
  { file: Type.String(), line: Type.Integer({ minimum: 1 }), column: Type.Integer({ minimum: 1 }) },
  {
    title: 'Place',
    description: 'Where something is written; line and column count from 1, columns in UTF-16 code units.',
  },
);
export type Place = Shape<typeof place>;

export const problem = record(
  {
    at: orNull(place),
    code: Type.String({ description: 'Stable: `MAPPING_UNKNOWN_FIELD`.' }),
    message: Type.String(),
    try: orNull(Type.String({ description: 'What to do about it.' })),
  },
  { title: 'Problem' },
);
export type Problem = Shape<typeof problem>;

export const fieldProblem = record(
  { path: Type.String({ description: '`payload.room_info.room_id`' }), message: Type.String() },
  { title: 'FieldProblem' },
);

export type FieldProblem = Shape<typeof fieldProblem>;

export const errorAnswer = record(
  {
    error: record({
      code: Type.String({ description: 'Stable: `EVENT_UNKNOWN`, `REQUEST_INVALID`.' }),
      message: Type.String(),
      problems: Type.Optional(Type.Array(fieldProblem, { description: 'Every member of the request that is wrong.' })),
    }),
  },
  { title: 'Error' },
);
export type ErrorAnswer = Shape<typeof errorAnswer>;

export const body = record(
  {
    text: orNull(Type.String({ description: 'As UTF-8; null where the bytes are no UTF-8.' })),
    base64: orNull(Type.String({ description: 'Only where there is no `text`.' })),
    bytes: count('How many bytes there are.'),
    truncated: Type.Boolean({ description: 'True where only the beginning is shown.' }),
  },
  { title: 'Body' },
);
export type Body = Shape<typeof body>;

export const EVENT_STATES = ['accepted', 'unmatched', 'ignored'] as const;
export const DELIVERY_STATES = ['waiting', 'delivered', 'dropped', 'dead', 'expired'] as const;
export const eventState = oneOf(EVENT_STATES, {
  description:
    '`accepted`: has deliveries. `unmatched`: no rule matched. `ignored`: of a type that its format does not know.',
});
export const deliveryState = oneOf(DELIVERY_STATES);
export type EventState = Shape<typeof eventState>;
export type DeliveryState = Shape<typeof deliveryState>;

function said(description: string | undefined): { description?: string } {
  return description === undefined ? {} : { description };
}
