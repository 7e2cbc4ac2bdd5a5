import { describe, expect, it } from 'vitest';
import { makePlan } from '../../src/plan/make-plan.ts';
import { createHome } from '../flow/relay-process.ts';

const withFilter = (when: string): string =>
  `sources: { bsr: { format: bsr } }\ntargets: { t: { format: bsr, url: "http://127.0.0.1:9" } }\nrules: [ { name: one, from: bsr, to: t, when: ${when} } ]\n`;

describe('${env:…} in a filter', () => {
  it('is what an event is compared with', () => {
    using home = createHome(withFilter('{ "==": [{ var: data.room_id }, "${env:ROOM}"] }'));
    const { plan, problems } = makePlan({ configPath: home.config, env: { ROOM: '92613' } });
    expect(problems).toEqual([]);
    const filter = plan?.rules[0]?.filter;
    expect(filter?.truthy({ data: { room_id: '92613' } })).toBe(true);
    expect(filter?.truthy({ data: { room_id: '${env:ROOM}' } })).toBe(false);
  });

  it('is checked as if it stood there, and never repeated', () => {
    using home = createHome(withFilter('{ "==": [{ var: "data.${env:FIELD}" }, 1] }'));
    const { problems } = makePlan({ configPath: home.config, env: { FIELD: 'canary' } });
    expect(problems).toMatchObject([{ code: 'LOGIC_UNKNOWN_PATH', at: { line: 8, column: 63 } }]);
    expect(JSON.stringify(problems)).not.toContain('canary');
  });
});
