/** A format by the name that somebody typed. */
import { formats } from '../formats/index.ts';
import { nearest } from '../kit/problem.ts';
import type { Format } from '../model/format.ts';
import { Failure } from './terminal.ts';

/** Fails with the nearest name where there is none of this one. */
export function formatNamed(name: string): Format {
  const format = formats.get(name);
  if (format) return format;
  const [own = '', ...rest] = name.split('/');
  const meant = nearest(own, formats.keys()) ?? (rest.length > 0 && formats.has(own) ? own : undefined);
  const [owner] = formatsWith(name);
  const advice = meant ?? (owner ? `${owner}, which has that event` : [...formats.keys()].join(', '));
  throw new Failure(`"${name}" is no format`, advice);
}

/** The names of the formats that have an event type. */
export function formatsWith(type: string): string[] {
  return [...formats.values()].filter(({ events }) => Object.hasOwn(events, type)).map(({ name }) => name);
}
