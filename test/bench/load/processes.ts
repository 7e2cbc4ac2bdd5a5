/** Starts what is measured and what measures it as processes, each on a core of its own where `taskset` is there. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { type AddressInfo, connect, createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { childrenOf } from './cost.ts';
import type { FromGenerator, FromSink, Load, Loaded, Received, ToGenerator, ToSink, Wanted } from './exchange.ts';

export const ROOT = resolve(import.meta.dirname, '../../..');
const HERE = import.meta.dirname;

/** What is measured has the first core for itself; load and sink share the second. */
const MEASURED = '0';
const MEASURING = '1';
const canPin = availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;

export interface Subject extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
  /** On the clock of `nowMs`, just before the process was made. */
  readonly spawnedAt: number;
  /** Ends it at once, as a power cut would, or by another signal in its own time. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

export interface SubjectOptions {
  /** Node by default. */
  readonly command?: string;
  /** For Node: a script and what it is given. */
  readonly args: readonly string[];
  readonly port: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Cores as taskset names them; the first one by default. */
  readonly cores?: string;
  /** False resolves before its port is open. */
  readonly isAwaited?: boolean;
}

/** Starts a process under measurement; resolves when its port is open, rejects where it ends before. */
export async function startSubject(options: SubjectOptions): Promise<Subject> {
  const { command = process.execPath, args, port, env = {}, cwd = ROOT, cores = MEASURED } = options;
  const spawnedAt = Number(process.hrtime.bigint()) / 1e6;
  const child = launch(cores, [command, ...args], {
    ...{ cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] },
  });
  let complaints = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-2000);
  });
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  const subject: Subject = {
    port,
    pid: child.pid as number,
    spawnedAt,
    async kill(signal = 'SIGKILL') {
      child.kill(signal);
      await exited;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
  if (options.isAwaited === false) return subject;
  const ended = exited.then(() => {
    throw new Error(`${args.join(' ')} ended: ${complaints}`);
  });
  await Promise.race([portOpens(port), ended]);
  return subject;
}

const running = new Set<ChildProcess>();
/** However this process ends, but by SIGKILL, nothing that it has started goes on. */
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

function launch(cores: string, line: readonly string[], options: Parameters<typeof spawn>[2]): ChildProcess {
  const [command, ...rest] = canPin ? ['taskset', '-c', cores, ...line] : line;
  const child = spawn(command as string, rest, options);
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

function launchMeasuring(script: string): ChildProcess {
  const line = [process.execPath, resolve(HERE, script)];
  return launch(MEASURING, line, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

export interface Generator extends Disposable {
  load(load: Load): Promise<Loaded>;
  /** The moment of the first 2xx. */
  knock(port: number, path: string): Promise<number>;
}

export function startGenerator(): Generator {
  const child = launchMeasuring('generator.ts');
  const ask = asking<ToGenerator, FromGenerator>(child);
  return {
    load: (load) => ask<Loaded>({ do: 'load', ...load }),
    knock: async (port, path) => (await ask<{ readonly answeredAt: number }>({ do: 'knock', port, path })).answeredAt,
    [Symbol.dispose]: () => void child.kill('SIGKILL'),
  };
}

export interface Sink extends Disposable {
  readonly url: string;
  /** Resolves when it has: what comes from now on counts. */
  forget(): Promise<void>;
  /** Resolves when requests for this path are no longer answered. */
  hang(path: string): Promise<void>;
  /** Answers them again, and those that have waited: so many. */
  release(): Promise<number>;
  /** Resolves once so many requests have come, or rejects after `withinMs` without. */
  received(wanted: Wanted, withinMs?: number): Promise<Received>;
}

export async function startSink(): Promise<Sink> {
  const child = launchMeasuring('sink.ts');
  const { port } = await answerOf<{ readonly port: number }>(child);
  const ask = asking<ToSink, FromSink>(child);
  return {
    url: `http://127.0.0.1:${port}`,
    forget: async () => void (await ask({ do: 'forget' })),
    hang: async (path) => void (await ask({ do: 'hang', path })),
    release: async () => (await ask<{ readonly released: number }>({ do: 'release' })).released,
    received: (wanted, withinMs = 60_000) => ask<Received>({ do: 'await', ...wanted, withinMs }),
    [Symbol.dispose]: () => void child.kill('SIGKILL'),
  };
}

function asking<To extends object, From extends object>(child: ChildProcess) {
  return async <T extends From>(message: To): Promise<T> => {
    child.send(message);
    return await answerOf<T>(child);
  };
}

/** The next message of a process that says one thing at a time. */
function answerOf<T extends object>(child: ChildProcess): Promise<T> {
  return new Promise((answer, fail) => {
    child.once('message', (one: T | { readonly failed: string }) =>
      'failed' in one ? fail(new Error(one.failed)) : answer(one),
    );
  });
}

/** Moves a process that is not started here, with its children and those it starts from now on, to the cores that taskset names. */
export function pin(pid: number, cores: string): void {
  if (!canPin) return;
  for (const one of [pid, ...childrenOf(pid).map((child) => child.pid)]) {
    spawnSync('taskset', ['-a', '-c', '-p', cores, String(one)]);
  }
}

export function freePort(): Promise<number> {
  return new Promise((found) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => found(port));
    });
  });
}

async function portOpens(port: number): Promise<void> {
  while (!(await isOpen(port))) await new Promise((later) => setTimeout(later, 5));
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((told) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      told(true);
    });
    socket.once('error', () => told(false));
  });
}
