/** Finding one of a format's documented samples by its name. */
import { nearest } from '../kit/problem.ts';
import type { Format, Sample } from '../model/format.ts';
import { formatNamed, formatsWith } from './format-named.ts';
import { Failure } from './terminal.ts';

/** The sample that `FORMAT/EVENT` (the first one) or `FORMAT/EVENT/SAMPLE` names; a wrong word fails with the right one. */
export function findSample(
  address: string,
  sampleName?: string,
): { readonly format: Format; readonly type: string; readonly sample: Sample } {
  const [formatName = '', type = '', named = sampleName] = address.split('/');
  const owners = type === '' ? formatsWith(formatName) : [];
  if (owners.length > 0)
    throw new Failure(
      `"${formatName}" does not say of which format`,
      owners.map((one) => `${one}/${formatName}`).join(', '),
    );
  const format = formatNamed(formatName);
  if (!Object.hasOwn(format.events, type)) {
    const known = Object.keys(format.events);
    throw new Failure(
      type === '' ? `"${address}" names no event` : `${format.name} has no event "${type}"`,
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
