/** Starts `saving-child.ts` and reads what it says. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface SavingProcess {
  readonly child: ChildProcess;
  /** Every line so far. */
  readonly lines: string[];
  /** Resolves when a line that passes has been printed since the call, or the process has ended. */
  until(passes: (line: string) => boolean): Promise<void>;
  /** Resolves with the signal that ended it. */
  readonly ended: Promise<NodeJS.Signals | null>;
  /** Kills it on the spot and waits for its end. */
  kill(): Promise<void>;
}

export interface SavingOptions {
  readonly file: string;
  readonly callers: number;
  /** Begins every key, so that two processes save different events. */
  readonly prefix?: string;
  readonly crashAt?: string;
  /** The most kilobytes that a file may have, until `prlimit` lifts it. */
  readonly fileLimitKb?: number;
}

export function startSaving({ file, callers, prefix = '', crashAt, fileLimitKb }: SavingOptions): SavingProcess {
  const script = new URL('./saving-child.ts', import.meta.url).pathname;
  const command = [process.execPath, script, file, String(callers), prefix];
  const limit = `trap '' XFSZ; ulimit -S -f ${fileLimitKb}; exec "$@"`;
  const [program = '', ...rest] = fileLimitKb === undefined ? command : ['bash', '-c', limit, 'limited', ...command];
  const env = { ...process.env, ...(crashAt === undefined ? {} : { DRAGOMAN_CRASH_AT: crashAt }) };
  const child = spawn(program, rest, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const listeners = new Set<(line: string | null) => void>();
  const tell = (line: string | null) => {
    for (const listener of [...listeners]) listener(line);
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    tell(line);
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('close', (_, signal) => resolve(signal)));
  void ended.then(() => tell(null));
  return {
    ...{ child, lines, ended },
    until: (passes) =>
      new Promise((resolve) => {
        const listener = (line: string | null) => {
          if (line !== null && !passes(line)) return;
          listeners.delete(listener);
          resolve();
        };
        listeners.add(listener);
      }),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The ids and keys of the events that were acknowledged. */
export function acknowledged({ lines }: SavingProcess): { readonly id: string; readonly key: string }[] {
  return lines.flatMap((line) => {
    const [what, id = '', key = ''] = line.split(' ');
    return what === 'saved' ? [{ id, key }] : [];
  });
}
