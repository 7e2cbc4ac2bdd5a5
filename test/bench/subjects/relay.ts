/** The relay under measurement: a folder of its own with a configuration, the shipped mappings and a store, run as a user runs it. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, ROOT, type Subject, type SubjectOptions, startSubject } from '../load/processes.ts';

export const PATH = '/in/bsr';

export interface RelayOptions extends Partial<Omit<SubjectOptions, 'port'>> {
  /** Targets and rules: what differs between measurements. */
  readonly yaml: string;
  /** A URL as the configuration takes it; a SQLite file in its folder by default. */
  readonly store?: string;
  readonly withoutStore?: boolean;
}

export interface Relay extends Subject {
  /** Starts it again on the same store, after `kill`. */
  again(options?: Partial<SubjectOptions>): Promise<Subject>;
  /** Other targets and rules, from the next start on. */
  configure(yaml: string): void;
  /** Other targets and rules while it runs; resolves once they are in force, rejects where they are refused. */
  reload(yaml: string): Promise<void>;
}

/** What `npm start` tells Node. */
const AS_STARTED = flagsIn(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts.start);

export async function startRelay(options: RelayOptions): Promise<Relay> {
  const folder = mkdtempSync(join(tmpdir(), 'dragoman-bench-'));
  const config = join(folder, 'config/relay.yaml');
  const port = await freePort();
  mkdirSync(join(folder, 'config'));
  cpSync(join(ROOT, 'mappings'), join(folder, 'mappings'), { recursive: true });
  const store = options.store ?? `sqlite:${join(folder, 'relay.db')}`;
  const adminPort = await freePort();
  const head = frame(port, adminPort, store);
  const configure = (yaml: string): void => writeFileSync(config, `${head}${yaml}`);
  configure(options.yaml);
  const args = options.withoutStore
    ? [...AS_STARTED, join(import.meta.dirname, 'relay-without-store.ts'), config]
    : [...AS_STARTED, join(ROOT, 'bin/dragoman.js'), 'serve', '--json', '--config', config];
  const start = (more: Partial<SubjectOptions> = {}) =>
    startSubject({ port, ...options, ...more, args: [...(more.args ?? options.args ?? []), ...args] });
  const first = await start();
  return {
    ...first,
    again: start,
    configure,
    async reload(yaml) {
      const before = await reloadsOf(adminPort);
      configure(yaml);
      for (;;) {
        const now = await reloadsOf(adminPort);
        if (now.rejected > before.rejected) throw new Error('the relay refuses its new configuration');
        if (now.loaded > before.loaded) return;
        await new Promise((later) => setTimeout(later, 50));
      }
    },
    async [Symbol.asyncDispose]() {
      await first[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** How often a running relay has loaded and refused its files. */
async function reloadsOf(adminPort: number): Promise<{ readonly loaded: number; readonly rejected: number }> {
  const metrics = await (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text();
  const times = (result: string): number =>
    Number(new RegExp(`config_reloads_total\\{result="${result}"\\} (\\d+)`).exec(metrics)?.[1] ?? 0);
  return { loaded: times('loaded'), rejected: times('rejected') };
}

/** Node's own flags in a command line. */
function flagsIn(command: string): readonly string[] {
  return command.match(/--[\w-]+=\d+/g) ?? [];
}

function frame(port: number, adminPort: number, store: string): string {
  return `server: { host: 127.0.0.1, port: ${port} }
admin: { host: 127.0.0.1, port: ${adminPort} }
store: ${JSON.stringify(store)}
mappings: ../mappings
params: { media_base: "https://media.example.com" }
sources:
  bsr: { format: bsr }
`;
}

/** One rule with a filter and a mapping, to one target. */
export function oneRule(url: string, more = ''): string {
  return `targets:
  consumer: { format: remotemonster, url: "${url}", concurrency: 64${more} }
rules:
  - name: finished clips
    from: bsr
    on: clip.generated
    when: { ">": [{ var: data.length }, 60] }
    to: consumer
`;
}

/** As many rules as asked for, each for a room of its own; the clips of one room match one of them. */
export function manyRules(url: string, count: number): string {
  const rules = Array.from(
    { length: count },
    (_, room) =>
      `  - { name: room ${room}, from: bsr, on: clip.generated, when: { "==": [{ var: data.room_id }, "${room}"] }, to: consumer }`,
  );
  return `targets:\n  consumer: { format: remotemonster, url: "${url}", concurrency: 64 }\nrules:\n${rules.join('\n')}\n`;
}

const HEALTHY = 10;
/** Clips of the first so many rooms go to healthy targets. */
export const HEALTHY_ROOMS = 50;

/** Ten targets that take 20 ms, for five rooms each; and beside them as many that never answer, for one further room each. */
export function deadTargets(sinkUrl: string, dead: number): string {
  const healthy = Array.from({ length: HEALTHY }, (_, n) => ({ name: `healthy-${n}`, path: 'after/20' }));
  const silent = Array.from({ length: dead }, (_, n) => ({ name: `dead-${n}`, path: 'hang' }));
  const targets = [...healthy, ...silent].map(
    ({ name, path }) => `  ${name}: { format: remotemonster, url: "${sinkUrl}/${path}/${name}" }`,
  );
  const rules = Array.from({ length: HEALTHY_ROOMS + dead }, (_, room) => {
    const target = room < HEALTHY_ROOMS ? `healthy-${room % HEALTHY}` : `dead-${room - HEALTHY_ROOMS}`;
    return `  - { name: room ${room}, from: bsr, when: { "==": [{ var: data.room_id }, "${room}"] }, to: ${target} }`;
  });
  return `targets:\n${targets.join('\n')}\nrules:\n${rules.join('\n')}\n`;
}

export const HUNG = 'hung';
export const HUNG_PATH = `/ok/${HUNG}`;
/** Requests to one target at once, where its configuration does not say. */
export const TARGET_CONCURRENCY = 8;

/** Ten targets as they are by default, a rule for each that takes the clips of one room; `HUNG` takes those of room 0. */
export function tenTargets(sinkUrl: string): string {
  const names = Array.from({ length: 10 }, (_, n) => (n === 0 ? HUNG : `target-${n}`));
  const targets = names.map((name) => `  ${name}: { format: remotemonster, url: "${sinkUrl}/ok/${name}" }`);
  const rules = names.map(
    (name, room) =>
      `  - { name: to ${name}, from: bsr, when: { "==": [{ var: data.room_id }, "${room}"] }, to: ${name} }`,
  );
  return `targets:\n${targets.join('\n')}\nrules:\n${rules.join('\n')}\n`;
}
