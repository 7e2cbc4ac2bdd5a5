/** The playground: what a mapping, stored or just written, makes of an event. Nothing is stored, nothing is sent. */

import type { PlaygroundPorts } from '../admin/api-ports.ts';
import type * as api from '../admin/api-schema.ts';
import type { Mask } from '../admin/mask.ts';
import { presentSent } from '../admin/present-event.ts';
import { type Refused, refuse, unknown } from '../admin/reply.ts';
import { formats } from '../formats/index.ts';
import type { Clock } from '../kit/clock.ts';
import type { Problem } from '../kit/problem.ts';
import type { EventScope, Reading, RecognisedEvent } from '../model/event.ts';
import type { JsonObject } from '../model/json.ts';
import type { Plan } from '../plan/plan.ts';
import { unsavedScope } from '../plan/unsaved-scope.ts';
import { scopeOfStored } from '../receive/scope.ts';
import type { Ledger } from '../stores/store.ts';
import type { Mapping } from '../translate/mapping.ts';
import { prepareRequests } from '../translate/prepare.ts';
import { compileText, presentMapping, presentMappingDetail, presentParams, presentProblem } from './mapping-library.ts';
import { presentTranslation } from './present-explanation.ts';
import { type ReadableInput, readEventInput } from './read-event-input.ts';
import { saveTest } from './save-test.ts';

export interface PlaygroundParts {
  plan(): Plan;
  readonly ledger: Pick<Ledger, 'event'>;
  readonly mask: Mask;
  readonly clock: Pick<Clock, 'now'>;
}

/** What a text is called where it has no name of its own. */
const UNNAMED = 'playground';

export function createPlayground(parts: PlaygroundParts): PlaygroundPorts {
  const { plan } = parts;
  return {
    mappings: () => [...plan().mappings.values()].map((mapping) => presentMapping(mapping, plan())),
    mapping(name) {
      const mapping = plan().mappings.get(name);
      return mapping && presentMappingDetail(mapping, plan());
    },
    check({ mapping_text: text, name = UNNAMED }) {
      const { config } = plan();
      const { mapping, problems } = compileText({ name: plainName(name), text }, config.mappingsDir);
      return {
        problems: problems.map(presentProblem),
        from: mapping?.from ?? null,
        to: mapping?.to ?? null,
        params: mapping ? presentParams(mapping, config) : [],
      };
    },
    translate: (request) => translate(request, parts),
    async saveTest(name, request) {
      const stored = plan().mappings.get(name);
      return stored ? saveTest({ stored, request, plan: plan(), ledger: parts.ledger }) : unknown('mapping', name);
    },
  };
}

async function translate(
  request: api.TranslateRequest,
  parts: PlaygroundParts,
): Promise<api.TranslateAnswer | Refused> {
  const plan = parts.plan();
  const from = formats.get(request.from);
  const to = formats.get(request.to);
  if (!from || !to) return refuse(404, 'FORMAT_UNKNOWN', `there is no format "${from ? request.to : request.from}"`);
  const input = await readEventInput(request.event, {
    format: from,
    source: request.source,
    plan,
    ledger: parts.ledger,
    receivedAt: parts.clock.now(),
  });
  if (input.kind === 'refused') return input;
  const reading = from.read(input.request, input.sourceOptions);
  const chosen = chooseMapping(request, plan);
  if ('kind' in chosen) return chosen;
  const { mapping, problems } = chosen;
  const answer = { ...NOTHING, problems: problems.map(presentProblem), ...presentReading(reading) };
  if (reading.kind !== 'event' || !mapping) return answer;

  const scope = scopeOfInput(request, { input, recognised: reading.event, plan });
  const writer = { format: to, options: optionsOf(plan.config.targets, request.target) };
  const translation = mapping.explain(scope);
  const prepared = prepareRequests({
    mapping: { ...mapping, translate: () => translation.result },
    scope,
    target: writer,
  });
  return {
    ...answer,
    type: scope.event.type,
    result: prepared.kind === 'dead' ? 'failed' : prepared.kind,
    reason: prepared.kind === 'requests' ? null : prepared.reason,
    requests: prepared.kind === 'requests' ? prepared.requests.map((one) => presentSent(one, parts.mask)) : [],
    translation: presentTranslation({ translation, scope, writer }),
  };
}

interface Recognised {
  readonly input: ReadableInput;
  readonly recognised: RecognisedEvent;
  readonly plan: Plan;
}

/** A stored event is what it was when it came in, its id included, unless it is to be read as if another source had received it. */
function scopeOfInput(
  { from, source, params: given }: api.TranslateRequest,
  { input: { event, request }, recognised, plan }: Recognised,
): EventScope {
  const params = { ...plan.config.params, ...(given as JsonObject | undefined) };
  if (event && (source === undefined || source === event.source)) return scopeOfStored(event, recognised, params);
  return unsavedScope({ source: source ?? from, format: from, event: recognised, request, params });
}

const NOTHING: api.TranslateAnswer = {
  problems: [],
  result: 'not_run',
  reason: null,
  payload_problems: [],
  type: null,
  data: null,
  requests: [],
  translation: null,
};

function presentReading(reading: Reading): Partial<api.TranslateAnswer> {
  switch (reading.kind) {
    case 'event':
      return { type: reading.event.type, data: reading.event.data };
    case 'ignored': {
      const message = `the format has no event "${reading.type}"`;
      return { result: 'unreadable', type: reading.type, reason: { code: 'EVENT_UNKNOWN_TYPE', message } };
    }
    case 'malformed':
      return { result: 'unreadable', reason: { code: reading.code, message: reading.message } };
    case 'invalid':
      return {
        result: 'unreadable',
        reason: { code: 'EVENT_INVALID', message: 'the payload is no event of this format' },
        payload_problems: reading.problems,
      };
  }
}

interface Chosen {
  readonly mapping: Mapping | undefined;
  readonly problems: readonly Problem[];
}

/** The given text, the named mapping, or the one for the pair of formats. */
function chooseMapping(request: api.TranslateRequest, { mappings, config }: Plan): Chosen | Refused {
  const { from, to, mapping: name, mapping_text: text } = request;
  if (text !== undefined) {
    const compiled = compileText({ name: plainName(name ?? UNNAMED), text }, config.mappingsDir);
    return compiled.mapping ? fitting(compiled.mapping, request) : compiled;
  }
  const stored = name === undefined ? mappings.get(`${from}-to-${to}`) : mappings.get(name);
  return stored ? fitting(stored, request) : unknown('mapping', name ?? `${from}-to-${to}`);
}

function fitting(mapping: Mapping, { from, to }: api.TranslateRequest): Chosen {
  if (mapping.from === from && mapping.to === to) return { mapping, problems: [] };
  const at = { file: mapping.file, line: 1, column: 1 };
  const message = `this mapping is from ${mapping.from} to ${mapping.to}, not from ${from} to ${to}`;
  return { mapping: undefined, problems: [{ at, code: 'MAPPING_MISMATCH', message }] };
}

export function optionsOf(
  all: readonly { readonly name: string; readonly options: Readonly<Record<string, unknown>> }[],
  name: string | undefined,
): Readonly<Record<string, unknown>> {
  return all.find((one) => one.name === name)?.options ?? {};
}

/** A name is part of a path, so it must not lead anywhere. */
function plainName(name: string): string {
  return /^[\w-][\w.-]*$/.test(name) ? name : UNNAMED;
}
