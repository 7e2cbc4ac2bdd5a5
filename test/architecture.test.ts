import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = resolve(import.meta.dirname, '../src');
const STAGES = [
  'admin',
  'alarms',
  'config',
  'deliver',
  'formats',
  'observe',
  'receive',
  'route',
  'stores',
  'subscriptions',
  'translate',
];
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  cli: ['relay', 'plan', ...STAGES, 'model', 'kit'],
  relay: ['plan', ...STAGES, 'model', 'kit'],
  plan: [...STAGES, 'model', 'kit'],
  ...Object.fromEntries(STAGES.map((stage) => [stage, ['model', 'kit']])),
  model: [],
  kit: [],
};

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

/** `stores` of `src/stores/sqlite/worker.ts`, `relay` of `src/relay.ts`. */
function roomOf(path: string): string {
  return (relative(SRC, path).split('/')[0] as string).replace(/\.ts$/, '');
}

function importsOf(path: string): string[] {
  const text = readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g,
  );
  return [...found].map((match) => (match[1] ?? match[2] ?? match[3]) as string);
}

describe('the house', () => {
  const files = sources(SRC);

  it('has only rooms that the plan of the house names', () => {
    expect([...new Set(files.map(roomOf))].filter((room) => !(room in ROOMS))).toEqual([]);
  });

  it('lets each room import only what stands below it', () => {
    const wrong = files.flatMap((file) => {
      const room = roomOf(file);
      return importsOf(file)
        .filter((target) => target.startsWith('.'))
        .map((target) => roomOf(resolve(dirname(file), target)))
        .filter((target) => target !== room && !ROOMS[room]?.includes(target))
        .map((target) => `${relative(SRC, file)} imports ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  it('has no circle of imports', () => {
    const graph = new Map(
      files.map((file) => [
        file,
        importsOf(file)
          .filter((to) => to.startsWith('.'))
          .map((to) => resolve(dirname(file), to)),
      ]),
    );
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file))
        circles.push([...path.slice(path.indexOf(file)), file].map((one) => relative(SRC, one)).join(' → '));
      if (done.has(file) || path.includes(file)) return;
      for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });

  it('uses no name that says nothing', () => {
    expect(
      files
        .map((file) => relative(SRC, file))
        .filter((file) => /(^|\/)(utils?|helpers?|common|manager|types)(\.ts|\/)/.test(file)),
    ).toEqual([]);
  });

  it('opens every file with a sentence on its place', () => {
    const without = files.filter((file) => !/^(#!.*\n)?\s*\/\*\*/.test(readFileSync(file, 'utf8')));
    expect(without.map((file) => relative(SRC, file))).toEqual([]);
  });
});
