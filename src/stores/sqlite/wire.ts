/**
 * How work crosses to the writer's thread and its answers come back: flat lists of primitives and one buffer for a whole batch, because
 * cloning nested objects between threads costs more than writing them to the disk.
 */

import type { ClaimRequest, HastenRequest, ReplayRequest } from '../store.ts';
import type { ExpireRequest } from './expire.ts';
import type { PruneRequest } from './prune.ts';

/** The operations that are rare enough to be sent as they are. */
export type PlainOperation =
  | ({ readonly do: 'claim' } & ClaimRequest)
  | ({ readonly do: 'hasten' } & HastenRequest)
  | ({ readonly do: 'replay' } & ReplayRequest)
  | ({ readonly do: 'prune' } & PruneRequest)
  | ({ readonly do: 'expire' } & ExpireRequest)
  | { readonly do: 'due' }
  | { readonly do: 'check' }
  | { readonly do: 'get'; readonly key: string }
  | { readonly do: 'list'; readonly prefix: string }
  | { readonly do: 'put'; readonly key: string; readonly value: string | null; readonly version: number };

export type Value = string | number | null | PlainOperation;

/** What a batch of operations looks like on its way.  */
export interface Parcel {
  readonly values: readonly Value[];
  /** The bodies, one after the other; their lengths are among the values. */
  readonly bytes: Uint8Array;
  readonly operations: number;
  /** True where one of them has to outlive a power cut from its answer on. */
  readonly mustLast: boolean;
}

export const OPERATION = { save: 0, settle: 1, plain: 2 } as const;

/** One answer per operation, in order. `Failed` rejects the operation's promise. */
export type Answer = unknown;
export interface Failed {
  readonly failed: string;
}

/** From the writer's thread: that it is open, that it could not be opened, or the answers of a commit, oldest operation first. */
export type FromWriter =
  | { readonly kind: 'open' }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly advice: string | undefined }
  | {
      readonly kind: 'answers';
      readonly answers: readonly Answer[];
      readonly commitMs: number;
      readonly writes: number;
    }
  /** Nothing of the oldest so many operations was written. */
  | { readonly kind: 'failed'; readonly operations: number; readonly message: string }
  | { readonly kind: 'closed' };

export type ToWriter = Parcel | 'close';

/** Collects operations until they are sent. Each starts with its code, the length of its values, and that of its bytes. */
export class ParcelWriter {
  #values: Value[] = [];
  #chunks: Uint8Array[] = [];
  #length = 0;
  #operations = 0;
  #mustLast = false;
  #start = 0;
  #startOfBytes = 0;

  get operations(): number {
    return this.#operations;
  }

  /** Starts an operation; what is pushed to the values is its own until the next one starts. */
  begin(code: number, mustLast: boolean): Value[] {
    this.#close();
    this.#operations += 1;
    this.#mustLast ||= mustLast;
    this.#start = this.#values.length;
    this.#startOfBytes = this.#length;
    this.#values.push(code, 0, 0);
    return this.#values;
  }

  /** Adds bytes to the operation; their length must be pushed to the values by the caller. */
  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#chunks.push(bytes);
    this.#length += bytes.length;
  }

  /** The parcel so far; starts the next. */
  take(): Parcel {
    this.#close();
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    const parcel = { values: this.#values, bytes, operations: this.#operations, mustLast: this.#mustLast };
    this.#values = [];
    this.#chunks = [];
    this.#length = 0;
    this.#operations = 0;
    this.#mustLast = false;
    return parcel;
  }

  #close(): void {
    if (this.#operations === 0) return;
    this.#values[this.#start + 1] = this.#values.length - this.#start;
    this.#values[this.#start + 2] = this.#length - this.#startOfBytes;
  }
}

/** Reads a parcel's operations, each in the order in which it was written; what is left of one is skipped. */
export class ParcelReader {
  readonly operations: number;
  readonly mustLast: boolean;
  readonly #values: readonly Value[];
  readonly #bytes: Uint8Array;
  #value = 0;
  #byte = 0;
  #nextValue = 0;
  #nextByte = 0;

  constructor(parcel: Parcel) {
    this.operations = parcel.operations;
    this.mustLast = parcel.mustLast;
    this.#values = parcel.values;
    this.#bytes = parcel.bytes;
  }

  /** Of the bodies, in bytes. */
  get size(): number {
    return this.#bytes.length;
  }

  rewind(): void {
    this.#nextValue = 0;
    this.#nextByte = 0;
  }

  /** Goes to the next operation and returns its code. */
  next(): number {
    const start = this.#nextValue;
    this.#value = start + 3;
    this.#byte = this.#nextByte;
    this.#nextValue = start + (this.#values[start + 1] as number);
    this.#nextByte += this.#values[start + 2] as number;
    return this.#values[start] as number;
  }

  text(): string {
    return this.#values[this.#value++] as string;
  }

  textOrNull(): string | null {
    return this.#values[this.#value++] as string | null;
  }

  number(): number {
    return this.#values[this.#value++] as number;
  }

  plain(): PlainOperation {
    return this.#values[this.#value++] as PlainOperation;
  }

  bytes(length: number): Uint8Array {
    this.#byte += length;
    return this.#bytes.subarray(this.#byte - length, this.#byte);
  }
}
