/** `npm run bench`: measures the relay beside its references in one run, prints what came out, and stores it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { GOALS, isMet } from './goals.ts';
import { startGenerator, startSink } from './load/processes.ts';
import { type Figures, MEASURES, type Measured } from './measures/index.ts';

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

const names =
  values.only?.split(',') ?? Object.keys(MEASURES).filter((name) => !values.quick || MEASURES[name]?.isQuick);
const measured: { ratios: Record<string, number>; figures: Record<string, Figures> } = { ratios: {}, figures: {} };
{
  using generator = startGenerator();
  using sink = await startSink();
  for (const name of names) {
    const measure = MEASURES[name];
    if (!measure) throw new Error(`there is no measurement "${name}"; there are ${Object.keys(MEASURES).join(', ')}`);
    const extent = { isQuick: values.quick, rounds: Number(values.rounds ?? (values.quick ? 3 : 5)) };
    const { ratios, figures }: Measured = await measure.run({ generator, sink }, extent);
    Object.assign(measured.ratios, ratios);
    Object.assign(measured.figures, figures);
    print(figures);
  }
}
const isGood = [judge(measured.ratios), !values.check || compare(measured.ratios)].every(Boolean);
if (values.json) writeFileSync(values.json, `${JSON.stringify(measured, null, 2)}\n`);
if (values.keep) writeFileSync(RATIOS, `${JSON.stringify({ ...stored(), ...measured.ratios }, null, 2)}\n`);
process.exit(isGood ? 0 : 1);

function print(figures: Readonly<Record<string, Figures>>): void {
  for (const [name, figure] of Object.entries(figures)) {
    const parts = Object.entries(figure).map(([key, value]) => `${key} ${shown(value)}`);
    console.log(`${name.padEnd(24)} ${parts.join('   ')}`);
  }
}

/** A line for each goal that was measured; false where one is missed. */
function judge(ratios: Readonly<Record<string, number>>): boolean {
  let isGood = true;
  console.log('');
  for (const goal of GOALS) {
    const ratio = ratios[goal.key];
    if (ratio === undefined) continue;
    const met = isMet(goal, ratio);
    isGood &&= met;
    const wanted = goal.least === undefined ? `≤ ${goal.most}` : `≥ ${goal.least}`;
    console.log(`${met ? 'met   ' : 'MISSED'} ${shown(ratio).padStart(8)}  ${wanted.padEnd(8)} ${goal.says}`);
  }
  return isGood;
}

/** Names what is worse than the stored ratio by more than a quarter; false where anything is. */
function compare(ratios: Readonly<Record<string, number>>): boolean {
  let isGood = true;
  for (const [key, before] of Object.entries(stored())) {
    const now = ratios[key];
    const goal = GOALS.find((one) => one.key === key);
    if (now === undefined || !goal) continue;
    const isWorse = goal.least === undefined ? now > before * 1.25 : now < before * 0.75;
    if (!isWorse) continue;
    isGood = false;
    console.log(`WORSE  ${key} was ${shown(before)}, is ${shown(now)}: ${goal.says}`);
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
