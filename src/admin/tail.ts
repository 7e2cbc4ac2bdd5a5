/** The live tail: accepted events and settled deliveries as they happen, to whoever looks, as server-sent events. */
import type { Clock, Timer } from '../kit/clock.ts';
import { stringifyJson } from '../kit/json.ts';
import type { TailDelivery, TailEvent } from './schema/live.ts';

export interface Tail {
  /** False while nobody looks: what would be said need not even be made. */
  isWatched(): boolean;
  accepted(event: TailEvent): void;
  settled(delivery: TailDelivery): void;
  /** Writes to the stream until it closes; false where there are too many readers already. */
  attach(reader: TailReader): boolean;
  /** Ends every stream. */
  close(): void;
}

export interface TailReader {
  readonly stream: TailStream;
  wants(about: { readonly source?: string; readonly target?: string }): boolean;
}

/** The part of a response that a tail uses. */
export interface TailStream {
  readonly writableLength: number;
  write(text: string): unknown;
  end(): unknown;
  once(event: 'close', listener: () => void): unknown;
}

const MOST_READERS = 32;
/** A reader with more than this still to be sent misses what comes. */
const MOST_UNSENT = 256 * 1024;
const HEARTBEAT_MS = 15_000;

export function createTail({ clock, mask }: { readonly clock: Clock; mask<T>(value: T): T }): Tail {
  const readers = new Map<TailReader, { missed: number }>();
  let timer: Timer | undefined;

  function send(
    name: 'accepted' | 'settled',
    data: TailEvent | TailDelivery,
    about: Parameters<TailReader['wants']>[0],
  ) {
    let text: string | undefined;
    for (const [reader, state] of readers) {
      if (!reader.wants(about)) continue;
      if (reader.stream.writableLength > MOST_UNSENT) {
        state.missed++;
        continue;
      }
      sayMissed(reader, state);
      text ??= message(name, mask(data));
      reader.stream.write(text);
    }
  }

  function beat(): void {
    timer = clock.after(HEARTBEAT_MS, () => {
      for (const [reader, state] of readers) {
        if (reader.stream.writableLength > MOST_UNSENT) continue;
        sayMissed(reader, state);
        reader.stream.write(': still here\n\n');
      }
      beat();
    });
  }

  function detach(reader: TailReader): void {
    readers.delete(reader);
    if (readers.size > 0) return;
    timer?.cancel();
    timer = undefined;
  }

  return {
    isWatched: () => readers.size > 0,
    accepted: (event) => send('accepted', event, { source: event.source }),
    settled: (delivery) => send('settled', delivery, { target: delivery.target }),
    attach(reader) {
      if (readers.size >= MOST_READERS) return false;
      readers.set(reader, { missed: 0 });
      reader.stream.once('close', () => detach(reader));
      reader.stream.write('retry: 2000\n: here it begins\n\n');
      if (!timer) beat();
      return true;
    },
    close() {
      for (const reader of [...readers.keys()]) {
        reader.stream.end();
        detach(reader);
      }
    },
  };
}

function sayMissed({ stream }: TailReader, state: { missed: number }): void {
  if (state.missed === 0) return;
  stream.write(message('missed', { missed: state.missed }));
  state.missed = 0;
}

function message(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${stringifyJson(data)}\n\n`;
}
