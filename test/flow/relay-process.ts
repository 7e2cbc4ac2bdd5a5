/** A relay as a user runs it: a process of its own, on free ports, with a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = resolve(import.meta.dirname, '../..');
export const DRAGOMAN = join(ROOT, 'bin/dragoman.js');

export interface RelayHome {
  readonly folder: string;
  readonly config: string;
  /** The store's file. */
  readonly database: string;
  /** Writes the configuration anew; the ports and the store stay, unless it begins with a `server` of its own. */
  configure(yaml: string): void;
  remove(): void;
  /** The same as `remove`. */
  [Symbol.dispose](): void;
}

/** A folder with `config/relay.yaml`, the shipped mappings and a SQLite store, all on free ports. */
export function createHome(yaml: string): RelayHome {
  const folder = mkdtempSync(join(tmpdir(), 'dragoman-'));
  const config = join(folder, 'config/relay.yaml');
  const database = join(folder, 'data/relay.db');
  mkdirSync(join(folder, 'config'));
  cpSync(join(ROOT, 'mappings'), join(folder, 'mappings'), { recursive: true });
  const configure = (text: string): void => {
    const server = text.startsWith('server:') ? '' : 'server: { host: 127.0.0.1, port: 0 }\n';
    const own = `${server}admin: { host: 127.0.0.1, port: 0 }\nstore: sqlite:${database}\nmappings: ../mappings\nlog: { format: json }\n`;
    writeFileSync(config, own + text);
  };
  configure(yaml);
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  return { folder, config, database, configure, remove, [Symbol.dispose]: remove };
}

export interface LogLine {
  readonly happening: string;
  readonly [field: string]: unknown;
}

/** Killed, if it still runs, when it is disposed of. */
export interface RelayProcess extends AsyncDisposable {
  readonly serverUrl: string;
  readonly adminUrl: string;
  readonly pid: number;
  /** Every line logged so far. */
  readonly lines: readonly LogLine[];
  /** Resolves with the first line, past or future, for which the condition holds; `from` is how many lines are passed over. */
  line(condition: (line: LogLine) => boolean, from?: number): Promise<LogLine>;
  kill(signal?: NodeJS.Signals): void;
  /** The exit code; null where a signal ended it. */
  readonly exited: Promise<number | null>;
}

export interface StartOptions {
  /** Told the process as soon as there is one, long before the relay runs. */
  readonly spawned?: (child: ChildProcess) => void;
  /** A command that runs the relay, such as `strace …`. */
  readonly under?: readonly string[];
  /** Another one than this clone's. */
  readonly program?: string;
}

/** Starts `dragoman serve` and resolves when both ports are open; rejects with what it printed where it ends before. */
export async function startRelay(
  home: RelayHome,
  env: Readonly<Record<string, string>> = {},
  { spawned, under = [], program = DRAGOMAN }: StartOptions = {},
): Promise<RelayProcess> {
  const command = [...under, process.execPath, program, 'serve', '--json', '--config', home.config];
  const child = spawn(command[0] as string, command.slice(1), {
    cwd: home.folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  spawned?.(child);
  const log = followLog(child);
  const exited = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  const started = await Promise.race([log.line(({ happening }) => happening === 'relay.started'), exited]);
  if (started === null || typeof started === 'number')
    throw new Error(`the relay ended with ${started}: ${log.complaints()}`);
  return {
    serverUrl: String(started.server),
    adminUrl: String(started.admin),
    pid: child.pid as number,
    lines: log.lines,
    line: log.line,
    kill: (signal = 'SIGTERM') => void child.kill(signal),
    exited,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function followLog(child: ChildProcess) {
  const lines: LogLine[] = [];
  const waiting: { condition: (line: LogLine) => boolean; found: (line: LogLine) => void }[] = [];
  let complaints = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (text) => {
    if (!text.startsWith('{')) return;
    const line = JSON.parse(text) as LogLine;
    lines.push(line);
    for (const waiter of waiting.filter(({ condition }) => condition(line))) {
      waiting.splice(waiting.indexOf(waiter), 1);
      waiter.found(line);
    }
  });
  const line = (condition: (line: LogLine) => boolean, from = 0): Promise<LogLine> => {
    const past = from < lines.length ? lines.slice(from).find(condition) : undefined;
    if (past) return Promise.resolve(past);
    return new Promise((found) => waiting.push({ condition, found }));
  };
  return { lines, line, complaints: () => complaints };
}
