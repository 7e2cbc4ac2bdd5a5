/** Connections to PostgreSQL, opened when they are needed and anew when they break; what cannot be done in time is given up. */
import { Client, type ClientConfig } from 'pg';
import type { Clock } from '../../kit/clock.ts';
import { StoreRefused, StoreUnavailable } from '../store.ts';

export interface Connections {
  /**
   * Gives a connection to `work` alone, a free one or a new one. Rejects with a StoreUnavailable where the database cannot be reached or
   * cannot write, or where it has not answered within `deadlineMs` (5,000 by default); what was under way may have been committed then. An
   * error of the data or the statement is passed on as it is.
   */
  use<T>(work: (client: Client) => Promise<T>, deadlineMs?: number): Promise<T>;
  /** Waits for what is under way, refuses what comes after. May be called twice. */
  close(): Promise<void>;
}

export interface ConnectionOptions {
  readonly config: ClientConfig;
  readonly most: number;
  /** Settings of the session, as SQL. */
  readonly settings: string;
  readonly clock: Clock;
}

const DEADLINE_MS = 5000;
const CONNECT_MS = 3000;

/** Kept by the session itself: a setting that is changed under a running relay must not take a 2xx its word. */
const DURABLE =
  "SELECT set_config('synchronous_commit', CASE found WHEN 'off' THEN 'on' ELSE found END, false) FROM current_setting('synchronous_commit') found;";

/** A statement that waits for the application holds locks; a relay that freezes must not hold them for long. */
export const SESSION = `SET jit = off; SET idle_in_transaction_session_timeout = '5s'; SET enable_seqscan = off; ${DURABLE}`;

/** Plans are made once and kept: made while a table was small, these still fit when it is large. */
export const WRITER = `${SESSION} SET plan_cache_mode = force_generic_plan; SET enable_mergejoin = off; SET enable_nestloop = off; SET enable_bitmapscan = off;`;

/** For settlements alone: losing one in a crash of the database's machine means sending once more. What is saved after them takes them to the disk with it. */
export const SETTLER = `${WRITER} SET synchronous_commit = off;`;

export function createConnections({ config, most, settings, clock }: ConnectionOptions): Connections {
  const idle: Client[] = [];
  const broken = new WeakSet<Client>();
  const waiting: ((client: Client | undefined) => void)[] = [];
  let open = 0;
  let closing: Promise<void> | undefined;
  const emptied: (() => void)[] = [];

  async function acquire(): Promise<Client> {
    const free = idle.pop();
    if (free) return free;
    if (open >= most) {
      const client = await new Promise<Client | undefined>((resolve) => waiting.push(resolve));
      return client ?? acquire();
    }
    open += 1;
    try {
      return watch(await connect(config, settings));
    } catch (error) {
      left();
      throw error;
    }
  }

  /** A free connection that breaks is let go of; one that is in use shows it by what its work says. */
  function watch(client: Client): Client {
    client.on('error', () => {
      broken.add(client);
      const at = idle.indexOf(client);
      if (at === -1) return;
      idle.splice(at, 1);
      left();
    });
    return client;
  }

  function left(): void {
    open -= 1;
    waiting.shift()?.(undefined);
    if (open === 0) for (const resolve of emptied.splice(0)) resolve();
  }

  function discard(client: Client): void {
    client.end().catch(() => undefined);
    left();
  }

  function giveBack(client: Client): void {
    const isUsable = !closing && !broken.has(client) && client.getTransactionStatus() === 'I';
    const next = isUsable ? waiting.shift() : undefined;
    if (!isUsable) discard(client);
    else if (next) next(client);
    else idle.push(client);
  }

  return {
    async use(work, deadlineMs = DEADLINE_MS) {
      if (closing) throw new StoreUnavailable('the store is closed');
      let client: Client | undefined;
      try {
        client = await acquire();
        const done = await withDeadline(work(client), deadlineMs, clock);
        giveBack(client);
        return done;
      } catch (error) {
        if (client && error instanceof Error && isOfData(error)) giveBack(client);
        else if (client) discard(client);
        throw explained(error);
      }
    },
    close() {
      closing ??= new Promise((resolve) => {
        for (const client of idle.splice(0)) discard(client);
        if (open === 0) resolve();
        else emptied.push(resolve);
      });
      return closing;
    },
  };
}

export async function connect(config: ClientConfig, settings: string): Promise<Client> {
  const client = new Client({ connectionTimeoutMillis: CONNECT_MS, keepAlive: true, ...config });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(settings);
    return client;
  } catch (error) {
    client.end().catch(() => undefined);
    throw error;
  }
}

export function withDeadline<T>(work: Promise<T>, ms: number, clock: Clock): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(ms, () => reject(new StoreUnavailable(`the database has not answered within ${ms} ms`)));
    work.then(resolve, reject).finally(() => timer.cancel());
  });
}

/** SQLSTATE of what the database says, or the code of a socket's error. */
export function codeOf(error: unknown): string {
  return String((error as { readonly code?: unknown } | undefined)?.code ?? '');
}

/** Wrong data (22, 23) and wrong statements (42): trying again changes nothing. 42501 is a right that was taken away. */
export function isOfData(error: Error): boolean {
  return /^(?:22|23|42)...$/.test(codeOf(error)) && codeOf(error) !== '42501' && codeOf(error) !== '42P01';
}

function explained(error: unknown): unknown {
  const isOurs = error instanceof StoreUnavailable || error instanceof StoreRefused;
  if (!(error instanceof Error) || isOurs || isOfData(error)) return error;
  return new StoreUnavailable(`the database cannot be used: ${reasonOf(error)}`, { cause: error });
}

/** Tables that are gone are not made anew under a running relay: that would take away the place of the backup that is being restored. */
function reasonOf(error: Error): string {
  switch (codeOf(error)) {
    case '25006':
      return 'it is read-only';
    case '42P01':
    case '3F000':
      return `its tables are gone (${error.message}): restore a backup of them, which is used at once, or start a relay anew, which makes empty ones`;
    default:
      return error.message || codeOf(error);
  }
}
