/** `dragoman serve`: runs the relay until a signal, and first says where it listens, what to post and where to look. */
import { readFileSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import { createLog, type LogLevel } from '../observe/log.ts';
import { BadPlan, type Relay, startRelay } from '../relay.ts';
import { StoreRefused, StoreUnavailable } from '../stores/store.ts';
import { problemFailure } from './problem-failure.ts';
import { Failure, type Terminal } from './terminal.ts';

interface Input {
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}

/** Node's own 64 KiB would be kept whole for one small body in it that has got old: some 12 MB of them at a time. */
const POOL_BYTES = 8 * 1024;

/** Ctrl-C reaches everything in the terminal, and npm hands it on to what it has started. */
const SAME_SIGNAL_MS = 1000;

/** Long enough for a busy sender's next answer, which tells it to come back on a new connection. */
const TELL_MS = 100;

export async function run({ options, terminal }: Input): Promise<void> {
  Buffer.poolSize = POOL_BYTES;
  const relay = await start({ options, terminal });
  if (terminal.interactive || !options.json) terminal.print(banner(relay, terminal));
  await new Promise<void>((resolve) => {
    onStopSignal((signal) => void relay.stop(signal, TELL_MS).then(resolve));
    process.on('SIGHUP', () => {
      const problems = relay.reload();
      if (problems.length > 0) terminal.complain(problemFailure(problems).message);
    });
  });
  process.exit(0);
}

/** Calls back once. A signal that comes while the relay stops ends it at once, but for one that is the first one again. */
function onStopSignal(stop: (signal: string) => void): void {
  let firstAt: number | undefined;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const listener = (): void => {
      if (firstAt === undefined) {
        firstAt = performance.now();
        stop(signal);
      } else if (performance.now() - firstAt > SAME_SIGNAL_MS) {
        process.off(signal, listener);
        process.kill(process.pid, signal);
      }
    };
    process.on(signal, listener);
  }
}

async function start({ options, terminal }: Input): Promise<Relay> {
  try {
    return await startRelay({
      configPath: String(options.config),
      env: process.env,
      version: packageVersion(),
      createLog: (config, secrets) =>
        createLog({
          level: logLevel(config),
          pretty: isPretty(config, terminal),
          color: terminal.color,
          stream: process.stdout,
          secrets,
        }),
    });
  } catch (error) {
    if (error instanceof BadPlan) throw problemFailure(error.problems);
    if (error instanceof StoreRefused) throw new Failure(`${error.message}  [${error.code}]`, error.try);
    if (error instanceof StoreUnavailable) throw new Failure(error.message);
    throw listenFailure(error as NodeJS.ErrnoException);
  }
}

function listenFailure(error: NodeJS.ErrnoException & { readonly port?: number; readonly hostname?: string }): Error {
  if (error.code === 'EADDRINUSE')
    return new Failure(
      `port ${error.port} is in use`,
      'stop what listens there, or set another server.port or admin.port',
    );
  if (error.code === 'EACCES' && error.syscall === 'listen')
    return new Failure(`this user may not listen on port ${error.port}`, 'a port above 1023');
  if (error.code === 'EADDRNOTAVAIL')
    return new Failure('this machine does not have the address of server.host or admin.host', '0.0.0.0 or 127.0.0.1');
  if (error.syscall === 'getaddrinfo')
    return new Failure(
      `the name ${error.hostname} of server.host or admin.host leads to no address (${error.code})`,
      '0.0.0.0 or 127.0.0.1',
    );
  return error;
}

export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}

function isPretty(config: Config, terminal: Terminal): boolean {
  return config.log.format === 'pretty' || (config.log.format === 'auto' && terminal.interactive);
}

function logLevel(config: Config): LogLevel {
  return config.log.level === 'trace' ? 'debug' : config.log.level;
}

/** What a stranger needs next: the addresses, a line to post and the place where the result shows. */
function banner(relay: Relay, terminal: Terminal): string {
  const { config, serverUrl, adminUrl } = relay;
  const lines = [
    `${terminal.paint('bold', 'dragoman')} ${packageVersion()}`,
    `  listens      ${serverUrl}   ${config.sources.map((source) => source.path).join('  ')}`,
    `  dashboard    ${adminUrl}`,
    `  store        ${config.store.kind === 'sqlite' ? config.store.file : 'PostgreSQL'}`,
    ...firstSteps(relay, terminal),
    '',
  ];
  return lines.join('\n');
}

function firstSteps(relay: Relay, terminal: Terminal): string[] {
  const { config, serverUrl, adminUrl } = relay;
  const found = relay.arrivingSample();
  if (!found) return [];
  const { source, sample } = found;
  const secret = source.secrets.length > 0 ? '?secret=YOUR_SECRET' : '';
  const query = sample.search ? `${secret ? '&' : '?'}${sample.search}` : '';
  const body = sample.body ? ` -H 'content-type: application/json' -d '${sample.body.replaceAll("'", "'\\''")}'` : '';
  const target = config.targets.find(({ name }) => name === found.target);
  const inspected = /^inspector:(.+)$/.exec(target?.url ?? '')?.[1];
  return [
    '',
    'Post an event:',
    terminal.paint('blue', `  curl '${serverUrl}${source.path}${secret}${query}'${body}`),
    ...(inspected ? ['See it arrive translated:', terminal.paint('blue', `  ${adminUrl}/inspect/${inspected}`)] : []),
  ];
}
