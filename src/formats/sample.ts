/** Builds the samples by which formats show what they look like on the wire. */
import type { Sample } from '../model/format.ts';

/** A posted JSON body, as printed. */
export function jsonSample(name: string, body: string): Sample {
  return { name, method: 'POST', headers: { 'content-type': 'application/json' }, body };
}
