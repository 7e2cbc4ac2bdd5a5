/** A relay under strace: which system calls it makes in which order, and what it does when they fail. */
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Throws where strace is missing or may not trace, and says how that is put right. */
export function needStrace(): void {
  try {
    execFileSync('strace', ['-o', '/dev/null', 'true'], { stdio: 'ignore' });
  } catch {
    throw new Error(
      'this test needs strace and the right to trace: apt-get install strace, and in a container --cap-add SYS_PTRACE',
    );
  }
}

export interface SystemCall {
  readonly name: string;
  /** What stands between the brackets, strings cut off. */
  readonly given: string;
  readonly returned: string;
  /** Where its first line stands in the trace, and where the line stands that says what it returned. */
  readonly began: number;
  readonly ended: number;
}

/** The calls of a trace that `strace -f -o FILE` wrote, in the order in which they ended; waits until the process has ended in it. */
export async function readTrace(file: string, pid: number): Promise<SystemCall[]> {
  const isEnded = (): boolean =>
    new RegExp(`^${pid}\\s+\\+\\+\\+ (killed|exited)`, 'm').test(readFileSync(file, 'latin1'));
  while (!isEnded()) await new Promise((resolve) => setImmediate(resolve));
  const calls: SystemCall[] = [];
  const unfinished = new Map<string, { readonly name: string; readonly given: string; readonly began: number }>();
  for (const [index, line] of readFileSync(file, 'latin1').split('\n').entries()) {
    const [, thread = '', rest = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    const begun = /^(\w+)\((.*) <unfinished \.\.\.>$/.exec(rest);
    const resumed = /^<\.\.\. (\w+) resumed>(.*)\)\s+= (.*)$/.exec(rest);
    const whole = /^(\w+)\((.*)\)\s+= (.*)$/.exec(rest);
    if (begun) unfinished.set(thread, { name: begun[1] as string, given: begun[2] as string, began: index });
    else if (resumed) {
      const first = unfinished.get(thread);
      const given = `${first?.given ?? ''}${resumed[2]}`;
      const began = first?.began ?? index;
      calls.push({ name: resumed[1] as string, given, returned: resumed[3] as string, began, ended: index });
    } else if (whole) {
      const [, name = '', given = '', returned = ''] = whole;
      calls.push({ name, given, returned, began: index, ended: index });
    }
  }
  return calls;
}

/** Makes system calls of a running process fail until it is disposed of: `inject=pwrite64:error=EROFS`. */
export async function injectFault(pid: number, fault: string): Promise<AsyncDisposable> {
  const tracer = spawn('strace', ['-f', '-p', String(pid), '-o', '/dev/null', '-e', fault], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await new Promise<void>((resolve, reject) => {
    tracer.stderr.on('data', (chunk: Buffer) => {
      if (/attached/.test(chunk.toString())) resolve();
    });
    tracer.once('exit', (code) => reject(new Error(`strace ended with ${code}`)));
  });
  return {
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => tracer.once('exit', resolve));
      tracer.kill('SIGINT');
      await ended;
    },
  };
}
