/** What a mapping takes, in this process, beside the same work as json-logic that is interpreted. */
import jsonLogic from 'json-logic-js';
import type { EventScope } from '../../../src/model/event.ts';
import { compileMappings, loadMappingsFrom } from '../../../src/plan/make-plan.ts';
import { clip } from '../load/clip.ts';
import { ROOT } from '../load/processes.ts';
import { median } from './rounds.ts';

const MAPPING = `from: bsr
to: json
translate:
  clip.generated:
    method: POST
    body:
      id: \${data.id}
      room: \${data.room_id}
      channel: \${data.platform}_\${data.room_id}
      file: \${data.file}
      seconds: \${data.length}
      bytes: \${data.size}
      title: \${data.title}
      type: \${event.type}
${['live.started', 'live.ended', 'record.started', 'record.ended', 'archive.deleted', 'clip.deleted', 'recorder.added', 'recorder.removed'].map((type) => `  ${type}: { drop: not measured }`).join('\n')}
`;

const AS_LOGIC = {
  id: { var: 'data.id' },
  room: { var: 'data.room_id' },
  channel: { cat: [{ var: 'data.platform' }, '_', { var: 'data.room_id' }] },
  file: { var: 'data.file' },
  seconds: { var: 'data.length' },
  bytes: { var: 'data.size' },
  title: { var: 'data.title' },
  type: { var: 'event.type' },
};

export interface MappingTimes {
  readonly compiledUs: number;
  readonly interpretedUs: number;
  /** Reading and checking all shipped mappings, milliseconds. */
  readonly checkMs: number;
}

export function measureMapping(): MappingTimes {
  const { mappings, problems } = compileMappings([{ path: 'bench.yaml', text: MAPPING }]);
  const mapping = mappings.get('bench');
  if (!mapping) throw new Error(JSON.stringify(problems));
  const raw = JSON.parse(clip(1, 0, 1)) as { readonly payload: EventScope['data'] };
  const event = { id: 'evt', key: 'k', type: 'clip.generated', source: 's', format: 'bsr', time: '', received_at: '' };
  const data = raw.payload;
  const scope: EventScope = {
    event,
    data,
    raw: raw as never,
    request: { method: 'POST', query: {}, headers: {} },
    params: {},
  };
  const { kind } = mapping.translate(scope);
  if (kind !== 'emitted') throw new Error(`the mapping did not emit: ${kind}`);
  const interpret = () => Object.entries(AS_LOGIC).map(([key, logic]) => [key, jsonLogic.apply(logic, scope)]);
  const startedAt = performance.now();
  loadMappingsFrom(`${ROOT}/mappings`);
  const checkMs = performance.now() - startedAt;
  return { compiledUs: microseconds(() => mapping.translate(scope)), interpretedUs: microseconds(interpret), checkMs };
}

const BATCH = 2000;

function microseconds(work: () => unknown): number {
  const batches = Array.from({ length: 60 }, () => {
    const startedAt = performance.now();
    for (let i = 0; i < BATCH; i++) work();
    return ((performance.now() - startedAt) * 1000) / BATCH;
  });
  return median(batches.slice(10));
}
