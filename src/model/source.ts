/** A source: a path at the door, who may knock there, and within which limits. */
import type { FormatOptions } from './format.ts';

/** The built-in source of the relay's own events: alarms. */
export const OWN_SOURCE = 'dragoman';

export interface Source {
  readonly name: string;
  readonly format: string;
  /** Starts with `/`, no trailing slash: `/in/bsr`. */
  readonly path: string;
  /** Any one of these opens; empty: none is asked for. */
  readonly secrets: readonly string[];
  /** CIDRs or single addresses; empty: from anywhere. */
  readonly allowFrom: readonly string[];
  readonly verify: SourceVerification | null;
  readonly rate: Rate | null;
  readonly limits: SourceLimits;
  readonly options: FormatOptions;
  readonly enabled: boolean;
}

/** How a sender that signs its requests is checked, over the exact bytes received. */
export type SourceVerification =
  | { readonly kind: 'standard-webhooks'; readonly secrets: readonly string[]; readonly toleranceMs: number }
  | {
      readonly kind: 'hmac';
      readonly secrets: readonly string[];
      /** Lower case. */
      readonly header: string;
      readonly algorithm: 'sha1' | 'sha256' | 'sha384' | 'sha512';
      readonly encoding: 'hex' | 'base64';
      /** What stands before the signature in the header: `sha256=`. */
      readonly prefix: string;
    };

export interface SourceLimits {
  /** Bytes, before and after inflation. */
  readonly body: number;
  /** Levels of nesting. */
  readonly depth: number;
  /** Milliseconds for headers and body together. */
  readonly timeoutMs: number;
  /** Requests under way at once. */
  readonly inFlight: number;
}

/** At most `count` in every `perMs` milliseconds. */
export interface Rate {
  readonly count: number;
  readonly perMs: number;
}
