/** Filters for tests, as they would stand in a file. */
import { formatProblem } from '../../src/kit/problem.ts';
import { readYaml } from '../../src/kit/yaml.ts';
import type { EventScope } from '../../src/model/event.ts';
import type { Schema } from '../../src/model/schema.ts';
import { type CompiledLogic, compileLogic } from '../../src/route/filter.ts';

/** The filter that a YAML text (or a JSON value) is; fails the test where it has a problem. */
export function filterOf(written: unknown, scopes: readonly Schema[] = []): CompiledLogic {
  const { logic, problems } = compile(written, scopes);
  if (!logic) throw new Error(problems.map(formatProblem).join('\n'));
  return logic;
}

export function problemsOf(written: unknown, scopes: readonly Schema[] = []): string[] {
  return compile(written, scopes).problems.map(formatProblem);
}

function compile(written: unknown, scopes: readonly Schema[]) {
  const file = readYaml(typeof written === 'string' ? written : JSON.stringify(written), 'relay.yaml');
  if (!file.root) throw new Error(file.problems.map(formatProblem).join('\n'));
  return compileLogic(file.root, scopes);
}

export function eventWith(data: EventScope['data'], event: Partial<EventScope['event']> = {}): EventScope {
  const time = '2026-01-01T00:00:00Z';
  return {
    event: {
      id: 'evt_1',
      key: 'k',
      type: 'clip.generated',
      source: 'bsr',
      format: 'bsr',
      time,
      received_at: time,
      ...event,
    },
    data,
    raw: data,
    request: { method: 'POST', query: {}, headers: {} },
    params: {},
  };
}

/** What events of one type look like, with these fields of `data`. */
export function scopeWith(
  type: string,
  data: Readonly<Record<string, Schema>>,
  required: readonly string[] = [],
): Schema {
  return {
    type: 'object',
    properties: {
      event: {
        type: 'object',
        properties: { type: { const: type }, source: { type: 'string' } },
        required: ['type', 'source'],
      },
      data: { type: 'object', properties: data, required, additionalProperties: false },
      params: {},
    },
    required: ['event', 'data', 'params'],
    additionalProperties: false,
  };
}
