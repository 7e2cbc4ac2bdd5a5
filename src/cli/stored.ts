/** What the commands share that look at stored events: the store beside a running relay, and what is not there. */
import type { Config } from '../config/config.ts';
import { systemClock } from '../kit/clock.ts';
import { nearest } from '../kit/problem.ts';
import { openStore } from '../stores/open.ts';
import { type Store, StoreRefused, StoreUnavailable } from '../stores/store.ts';
import { type ConfigWith, readStoreConfig } from './read-config.ts';
import { Failure } from './terminal.ts';

/** Opens the configured store as a command may use it, beside whatever runs on it, and closes it after `use`. Of the configuration only the store must be whole. */
export async function withStore<T>(
  options: Record<string, unknown>,
  use: (store: Store, config: ConfigWith<'store'>) => Promise<T>,
): Promise<T> {
  const config = readStoreConfig(String(options.config), (text) => void process.stderr.write(`${text}\n`));
  return refusalsAsFailures(async () => {
    await using store = await openStore(config.store, { clock: systemClock, readonly: true });
    return await use(store, config);
  });
}

/** What a store refuses, as the command's own failure. */
export async function refusalsAsFailures<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreRefused) throw new Failure(`${error.message}  [${error.code}]`, error.try);
    if (error instanceof StoreUnavailable) throw new Failure(error.message);
    throw error;
  }
}

export function parseLimit(text: unknown): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
    throw new Failure(`--limit takes 1 to 1000, not "${text}"`, undefined, 2);
  return limit;
}

/** What a page before has given, which each kind of store writes in its own way. */
const CURSORS: Readonly<Record<Config['store']['kind'], RegExp>> = {
  sqlite: /^\d{1,16}$/,
  postgres: /^evt_[0-9a-z]{26}(?::\d{1,9})?$/,
};

/** Refuses a cursor that no page of this store can have given: it would stand for the end of the list. */
export function checkCursor(text: unknown, { store }: ConfigWith<'store'>): void {
  if (text === undefined || CURSORS[store.kind].test(String(text))) return;
  throw new Failure(`--before takes what the page before ended with, not "${text}"`, 'the list without --before', 2);
}

/** One of the allowed words, or undefined where the option was not given. */
export function parseWord<T extends string>(name: string, text: unknown, allowed: readonly T[]): T | undefined {
  if (text === undefined) return undefined;
  const word = allowed.find((one) => one === text);
  if (word) return word;
  const begun = allowed.find((one) => String(text) !== '' && one.startsWith(String(text).toLowerCase()));
  const meant = begun ?? nearest(String(text), allowed);
  throw new Failure(`--${name} takes ${allowed.join(', ')}, not "${text}"`, meant && `--${name} ${meant}`, 2);
}

/** The parts of a list's query that are plain texts, of those options that were given. */
export function givenTexts<const Name extends string>(
  options: Record<string, unknown>,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const given = names.filter((name) => typeof options[name] === 'string');
  return Object.fromEntries(given.map((name) => [name, options[name]])) as Partial<Record<Name, string>>;
}
