/** The admin API's playground: the catalogue of formats, mappings with their tests, and translating without sending. */
import Type from 'typebox';
import { sentRequest } from './events.ts';
import { translation } from './explanation.ts';
import { anyJson, fieldProblem, headers, oneOf, orNull, problem, reason, record, type Shape, text } from './parts.ts';

const jsonObject = (description: string) => Type.Record(Type.String(), Type.Unknown(), { description });

export const sample = record(
  {
    name: Type.String(),
    method: Type.String(),
    search: Type.String(),
    headers,
    body: orNull(Type.String()),
  },
  { title: 'Sample', description: "A request as the sender's documentation prints it." },
);
export type Sample = Shape<typeof sample>;

export const format = record(
  {
    name: Type.String(),
    title: Type.String(),
    about: Type.String(),
    methods: Type.Array(Type.String()),
    open: Type.Boolean({ description: 'True where any event type may come in.' }),
    free: Type.Boolean({ description: 'True where a mapping writes the request itself.' }),
    source_options: orNull(jsonObject('JSON Schema.')),
    target_options: orNull(jsonObject('JSON Schema.')),
    events: Type.Array(
      record({
        type: Type.String(),
        about: Type.String(),
        read: jsonObject('JSON Schema of `data` as it is read.'),
        write: jsonObject('JSON Schema of `data` as a mapping writes it.'),
        samples: Type.Array(sample),
      }),
    ),
  },
  { title: 'Format' },
);
export type Format = Shape<typeof format>;

export const formatList = record({ items: Type.Array(format) }, { title: 'FormatList' });
export type FormatList = Shape<typeof formatList>;

const mappingMembers = {
  name: Type.String(),
  file: Type.String(),
  from: Type.String(),
  to: Type.String(),
  about: orNull(Type.String()),
  params: Type.Array(
    record({ name: Type.String(), about: Type.String(), required: Type.Boolean(), given: Type.Boolean() }),
    { description: 'What it reads as `params.…`; `given`: the configuration has it.' },
  ),
  entries: Type.Array(
    record({ type: Type.String(), emits: Type.Array(Type.String()), drops: Type.Array(Type.String()) }),
  ),
  used_by: Type.Array(Type.String(), { description: 'Names of rules.' }),
};
export const mapping = record(mappingMembers, { title: 'Mapping' });
export type Mapping = Shape<typeof mapping>;
export const mappingList = record({ items: Type.Array(mapping) }, { title: 'MappingList' });
export type MappingList = Shape<typeof mappingList>;

export const testResult = record(
  {
    name: Type.String(),
    passed: Type.Boolean(),
    message: orNull(Type.String({ description: 'Why it failed.' })),
    line: orNull(Type.Integer({ minimum: 1, description: 'Where it stands in the file of tests.' })),
  },
  { title: 'TestResult' },
);
export const mappingDetail = record(
  {
    ...mappingMembers,
    text: text('The file as it is.'),
    tests: record({
      file: Type.String(),
      text: orNull(text('Null where there is no such file.')),
      results: Type.Array(testResult),
      problems: Type.Array(problem, { description: 'What is wrong with the file of tests itself.' }),
    }),
  },
  { title: 'MappingDetail' },
);
export type TestResult = Shape<typeof testResult>;
export type MappingDetail = Shape<typeof mappingDetail>;

export const eventInput = Type.Union(
  [
    record({ sample: text('`clip.generated`, or `clip.generated/v2.15` for one of several.') }),
    record({ id: text('A stored event: `evt_…`.') }),
    record({
      body: Type.String({ maxLength: 1_048_576, description: 'The payload on the wire.' }),
      method: Type.Optional(Type.String({ default: 'POST' })),
      search: Type.Optional(text('The query without `?`.')),
      headers: Type.Optional(Type.Record(Type.String(), Type.String())),
    }),
  ],
  { title: 'EventInput' },
);
export type EventInput = Shape<typeof eventInput>;

const readAs = Type.Optional(
  text(
    'Read it with the options of this source, if there is one of that format; by default of the one that a stored event came from.',
  ),
);
const LONGEST_MAPPING = 262_144;
const mappingText = Type.String({
  maxLength: LONGEST_MAPPING,
  description: 'YAML; used instead of the stored mapping.',
});

export const translateRequest = record(
  {
    from: text('The format of the event.'),
    to: text('The format of the target.'),
    mapping: Type.Optional(text('A stored mapping by name; the one for this pair of formats by default.')),
    mapping_text: Type.Optional(mappingText),
    event: eventInput,
    params: Type.Optional(jsonObject('Over those of the configuration.')),
    source: readAs,
    target: Type.Optional(text('Write it with the options of this target.')),
  },
  { title: 'TranslateRequest' },
);
export type TranslateRequest = Shape<typeof translateRequest>;

export const translateAnswer = record(
  {
    problems: Type.Array(problem, {
      description: 'Of the mapping, with their places in its text; it does not run while there are any.',
    }),
    result: oneOf(['requests', 'dropped', 'failed', 'unreadable', 'not_run'], {
      description: '`unreadable`: the payload is no event of its format. `not_run`: the mapping has problems.',
    }),
    reason: orNull(reason),
    payload_problems: Type.Array(fieldProblem, { description: 'What is wrong with the payload.' }),
    type: orNull(text('The event type that was recognised.')),
    data: anyJson('The normalised payload; null where it was not read.'),
    requests: Type.Array(sentRequest),
    translation: orNull(translation),
  },
  { title: 'TranslateAnswer' },
);
export type TranslateAnswer = Shape<typeof translateAnswer>;

export const checkRequest = record(
  { mapping_text: mappingText, name: Type.Optional(text('What the file is called, without its ending.')) },
  { title: 'CheckRequest' },
);
export type CheckRequest = Shape<typeof checkRequest>;
export const checkAnswer = record(
  {
    problems: Type.Array(problem),
    from: orNull(Type.String()),
    to: orNull(Type.String()),
    params: Type.Array(
      record({ name: Type.String(), about: Type.String(), required: Type.Boolean(), given: Type.Boolean() }),
    ),
  },
  { title: 'CheckAnswer' },
);
export type CheckAnswer = Shape<typeof checkAnswer>;

export const saveTestRequest = record(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'A sentence; not yet the name of a test of this mapping.',
    }),
    event: eventInput,
    params: Type.Optional(
      jsonObject('Over those of the configuration that the mapping reads; both are written into the test.'),
    ),
    mapping_text: Type.Optional(mappingText),
    source: readAs,
    target: Type.Optional(text('Write it with the options of this target.')),
  },
  {
    title: 'SaveTestRequest',
    description:
      'What the mapping (the given text, or the stored one) makes of the event now is what the test expects.',
  },
);
export type SaveTestRequest = Shape<typeof saveTestRequest>;
export const saveTestAnswer = record(
  { file: text('Where it was written.'), text: text('The test as it stands there.') },
  { title: 'SaveTestAnswer' },
);
export type SaveTestAnswer = Shape<typeof saveTestAnswer>;
