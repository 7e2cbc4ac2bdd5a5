/** The log: one wide line a happening, JSON for machines, and the same fields in columns on a terminal. */
import { Writable } from 'node:stream';
import { type DestinationStream, type Logger, pino } from 'pino';
import { spelledOut } from '../kit/shown.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface Log {
  write(level: Exclude<LogLevel, 'silent'>, happening: string, fields: object): void;
  /** Writes what is buffered. */
  flush(): void;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** Columns for people instead of JSON. */
  readonly pretty: boolean;
  readonly color: boolean;
  readonly stream: NodeJS.WritableStream & { readonly fd?: number };
  /** Values that must never be written: each occurrence in a string field becomes `***`. */
  readonly secrets: () => readonly string[];
}

/** A log that writes to a stream; to a file descriptor it writes in blocks, so that a line costs an event next to nothing. */
export function createLog(options: LogOptions): Log {
  const destination = options.pretty ? columns(options) : blocks(options.stream);
  const logger: Logger = pino({ level: options.level, base: null, messageKey: 'happening' }, destination);
  return {
    write(level, happening, fields) {
      if (logger.isLevelEnabled(level)) logger[level](masked(fields, options.secrets()), happening);
    },
    flush() {
      if ('flushSync' in destination && typeof destination.flushSync === 'function') destination.flushSync();
    },
  };
}

/** A log that says nothing, for tests. */
export const silentLog: Log = { write() {}, flush() {} };

/** Lines are gathered to so many characters, and for no longer than this. */
const BLOCK = 16 * 1024;
const GATHER_MS = 500;

/** Gathers here, not in pino's destination: that one measures all it has gathered at every line. */
function blocks(stream: LogOptions['stream']): DestinationStream & { flushSync?(): void } {
  if (typeof stream.fd !== 'number') return stream as unknown as DestinationStream;
  const destination = pino.destination({ fd: stream.fd, sync: false, maxWrite: 4 * BLOCK });
  let gathered = '';
  let timer: NodeJS.Timeout | undefined;
  const pass = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (gathered !== '') destination.write(gathered);
    gathered = '';
  };
  const flushSync = (): void => {
    pass();
    destination.flushSync();
  };
  process.once('exit', flushSync);
  return {
    write(line) {
      gathered += line;
      if (gathered.length >= BLOCK) pass();
      else timer ??= setTimeout(pass, GATHER_MS).unref();
    },
    flushSync,
  };
}

const LEVELS: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info', 40: 'WARN', 50: 'ERROR' };
const COLORS: Readonly<Record<number, string>> = { 20: '2', 30: '36', 40: '33', 50: '31' };

function columns(options: LogOptions): DestinationStream {
  return new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      const { level, time, happening, ...fields } = JSON.parse(line) as Record<string, unknown> & {
        level: number;
        time: number;
      };
      const clock = new Date(time).toISOString().slice(11, 19);
      const name = `${LEVELS[level] === 'info' ? '' : `${LEVELS[level] ?? level} `}${happening}`.padEnd(20);
      const shown = options.color ? `\x1b[${COLORS[level] ?? '0'}m${name}\x1b[0m` : name;
      options.stream.write(`${clock}  ${shown}  ${Object.entries(fields).map(field).join(' ')}\n`);
      done();
    },
  }) as unknown as DestinationStream;
}

function field([name, value]: [string, unknown]): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `${name}=${spelledOut(/\s/.test(text) ? JSON.stringify(text) : text)}`;
}

function masked(fields: object, secrets: readonly string[]): object {
  if (secrets.length === 0) return fields;
  let copy: Record<string, unknown> | undefined;
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value !== 'string') continue;
    const clean = secrets.reduce(
      (text, secret) => (secret && text.includes(secret) ? text.replaceAll(secret, '***') : text),
      value,
    );
    if (clean === value) continue;
    copy ??= { ...fields };
    copy[name] = clean;
  }
  return copy ?? fields;
}
