/** How long a delivery has to be leased so that it can wait its turn and be tried as often as its target allows. */
import type { Target } from '../model/target.ts';

/** How long a leased delivery may stand in a line before its turn comes. */
export const LINE_MS = 30_000;

/** What is left over for the write that ends the lease. */
const MARGIN_MS = 5000;

/** Milliseconds of lease for a delivery to the target: its turn in the line, and every quick try with the waits between them. */
export function leaseMsFor(target: Target, quickWaitMs = 1000): number {
  const tries = Math.max(1, target.retry.quick);
  return LINE_MS + tries * target.timeoutMs + quickWaitMs * (2 ** (tries - 1) - 1) + MARGIN_MS;
}

/** Milliseconds of lease that must be left for one more try. */
export function tryMsFor(target: Target): number {
  return target.timeoutMs + MARGIN_MS / 5;
}
