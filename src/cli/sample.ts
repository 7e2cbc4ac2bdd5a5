/** Finding one of a format's documented samples by its name. */
import { nearest } from '../kit/problem.ts';
import type { Format, Sample } from '../model/format.ts';
import { Failure } from './terminal.ts';

/** The sample that `FORMAT/EVENT` (the first one) or `FORMAT/EVENT/SAMPLE` names; a wrong word fails with the right one. */
export function findSample(
  formats: ReadonlyMap<string, Format>,
  address: string,
  sampleName?: string,
): { readonly format: Format; readonly type: string; readonly sample: Sample } {
  const [formatName = '', type = '', named = sampleName] = address.split('/');
  const format = formats.get(formatName);
  if (!format)
    throw new Failure(
      `"${formatName}" is no format`,
      nearest(formatName, formats.keys()) ?? [...formats.keys()].join(', '),
    );
  if (!Object.hasOwn(format.events, type)) {
    const known = Object.keys(format.events);
    throw new Failure(
      `${format.name} has no event "${type}"`,
      `${format.name}/${nearest(type, known) ?? known.join(`, ${format.name}/`)}`,
    );
  }
  const samples = format.events[type]?.samples ?? [];
  const sample = named === undefined ? samples[0] : samples.find(({ name }) => name === named);
  if (sample) return { format, type, sample };
  const names = samples.map(({ name }) => name);
  throw new Failure(
    `${format.name}/${type} has no sample "${named ?? ''}"`,
    names.length > 0 ? names.join(', ') : 'an event of another format',
  );
}
