import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { REFUSALS } from '../../src/receive/refusal.ts';
import { BAD_INPUTS } from './bad-inputs.ts';

describe("the door's reference", () => {
  const page = readFileSync(new URL('../../docs/reference/door.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| *(\d{3}) *\|([^|]+)\|/gm)];
  const documented = rows.flatMap(([, status, codes = '']) =>
    [...codes.matchAll(/`([A-Z0-9_]+)`/g)].map(([, code]) => `${status} ${code}`),
  );

  it('has a row for every refusal of the door', () => {
    for (const [code, status] of Object.entries(REFUSALS)) expect(documented).toContain(`${status} ${code}`);
  });

  it('has a row for every answer that a bad input gets', () => {
    for (const { status, code } of BAD_INPUTS) if (code !== '') expect(documented).toContain(`${status} ${code}`);
  });

  it('names no code that the door cannot give', () => {
    const given = new Set([
      ...Object.entries(REFUSALS).map(([code, status]) => `${status} ${code}`),
      ...BAD_INPUTS.map(({ status, code }) => `${status} ${code}`),
    ]);
    for (const one of documented) expect(given).toContain(one);
  });
});
