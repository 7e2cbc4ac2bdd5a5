/** A format by the name that somebody typed. */
import { formats } from '../formats/index.ts';
import { nearest } from '../kit/problem.ts';
import type { Format } from '../model/format.ts';
import { Failure } from './terminal.ts';

/** Fails with the nearest name where there is none of this one. */
export function formatNamed(name: string): Format {
  const format = formats.get(name);
  if (format) return format;
  throw new Failure(`"${name}" is no format`, nearest(name, formats.keys()) ?? [...formats.keys()].join(', '));
}
