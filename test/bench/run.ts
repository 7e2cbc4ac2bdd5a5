/** `npm run bench`: measures the relay beside its references in one run, prints what came out, and stores it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { GOALS, isMet } from './goals.ts';
import { startGenerator, startSink } from './load/processes.ts';
import { MEASURES } from './measures/index.ts';
import type { Figures, Measured } from './measures/measured.ts';

const RATIOS = join(import.meta.dirname, 'ratios.json');

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string' },
    json: { type: 'string' },
    keep: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
  },
});

const isQuick = values.quick;
const names = values.only?.split(',') ?? Object.keys(MEASURES).filter((name) => !isQuick || MEASURES[name]?.isQuick);
const unknown = names.filter((name) => !Object.hasOwn(MEASURES, name));
if (unknown.length > 0) {
  console.error(`there is no measurement "${unknown.join('", "')}"; there are ${Object.keys(MEASURES).join(', ')}`);
  process.exit(2);
}
const turns = { rounds: Number(values.rounds ?? (isQuick ? 3 : 5)), warmUpMs: isQuick ? 4000 : 8000 };
const ratios: Record<string, number> = {};
const byCpu: Record<string, number> = {};
const figures: Record<string, Figures> = {};
{
  using generator = startGenerator();
  using sink = await startSink();
  for (const name of names) {
    const measure = MEASURES[name] as (typeof MEASURES)[string];
    const measured: Measured = await measure.run({ generator, sink }, { isQuick, turns });
    Object.assign(ratios, known(measured.ratios));
    Object.assign(byCpu, known(measured.byCpu ?? {}));
    Object.assign(figures, measured.figures);
    print(measured.figures);
  }
}
const isGood = [judge(), !values.check || compare()].every(Boolean);
if (values.json) writeFileSync(values.json, `${JSON.stringify({ ratios, byCpu, figures }, null, 2)}\n`);
if (values.keep) writeFileSync(RATIOS, `${JSON.stringify({ ...stored(), ...ratios }, null, 2)}\n`);
process.exit(isGood ? 0 : 1);

function known(some: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(some).filter(([, ratio]) => Number.isFinite(ratio)));
}

function print(figures: Readonly<Record<string, Figures>>): void {
  for (const [name, figure] of Object.entries(figures)) {
    const parts = Object.entries(figure).map(([key, value]) => `${key} ${shown(value)}`);
    console.log(`${name.padEnd(24)} ${parts.join('   ')}`);
  }
}

/** A line for each goal that was or should have been measured; false where one is missed. */
function judge(): boolean {
  let isGood = true;
  console.log('');
  for (const goal of GOALS) {
    const ratio = ratios[goal.key];
    if (ratio === undefined) {
      const isExpected = names.includes(goal.of) && (!isQuick || goal.isQuick);
      if (isExpected) console.log(`NOT MEASURED              ${goal.says}`);
      continue;
    }
    const met = isMet(goal, ratio);
    isGood &&= met;
    const wanted = goal.least === undefined ? `≤ ${goal.most}` : `≥ ${goal.least}`;
    const cpu = byCpu[goal.key] === undefined ? '' : ` (by CPU ${shown(byCpu[goal.key] as number)})`;
    console.log(`${met ? 'met   ' : 'MISSED'} ${shown(ratio).padStart(8)}  ${wanted.padEnd(8)} ${goal.says}${cpu}`);
  }
  return isGood;
}

/** Names what is worse than the stored ratio by more than a quarter; false where anything is. */
function compare(): boolean {
  let isGood = true;
  for (const { key, says, least } of GOALS) {
    const before = stored()[key];
    const now = ratios[key];
    if (now === undefined) continue;
    if (before === undefined)
      console.log(`NEW    ${key} is ${shown(now)}, with nothing stored to compare it with: ${says}`);
    else if (least === undefined ? now > before * 1.25 : now < before * 0.75) {
      isGood = false;
      console.log(`WORSE  ${key} was ${shown(before)}, is ${shown(now)}: ${says}`);
    }
  }
  return isGood;
}

function stored(): Record<string, number> {
  try {
    return JSON.parse(readFileSync(RATIOS, 'utf8')) as Record<string, number>;
  } catch {
    return {};
  }
}

function shown(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}
