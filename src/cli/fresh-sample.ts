/** A documented sample with an id and a time of its own: what makes it no repeat of itself. */
import { randomInt, randomUUID } from 'node:crypto';
import type { Sample } from '../model/format.ts';

/** `now` is epoch milliseconds. */
export function freshSample({ search, body, ...rest }: Sample, now: number): Sample {
  return {
    ...rest,
    ...(search === undefined ? {} : { search: refreshed(search, now) }),
    ...(body === undefined ? {} : { body: refreshed(body, now) }),
  };
}

/** A text in which each UUID and long number that is an id, and each time under a key that names one, is new: what makes a sample no repeat of itself. */
function refreshed(text: string, now: number): string {
  const id = randomUUID();
  return moved(text, now)
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, id)
    .replace(/("(?:timestamp|eventTime)"\s*:\s*)(\d+)/g, (_, key: string, time: string) => key + epochLike(time, now))
    .replace(/("id"\s*:\s*)\d{16}(?!\d)/g, (_, key: string) => `${key}${now}${randomInt(100, 1000)}`)
    .replace(/("created_at"\s*:\s*)"[^"]*Z"/g, (_, key: string) => `${key}"${new Date(now).toISOString()}"`)
    .replace(/\b1\d{12}(?=_)/g, String(now));
}

const SPAN = /("(?:recording_\w+|started|stopped)_at"\s*:\s*)"([^"]+)"/g;

/** A text whose times of a recording or a session are as far apart as they were, and the last of them is now. */
function moved(text: string, now: number): string {
  const last = Math.max(...[...text.matchAll(SPAN)].map(([, , time = '']) => Date.parse(time)));
  const shifted = (time: string): string => new Date(Date.parse(time) + now - last).toISOString();
  return text.replace(SPAN, (_, key: string, time: string) => `${key}"${shifted(time)}"`);
}

/** Now, in the unit of an epoch time: seconds or milliseconds. */
function epochLike(time: string, now: number): string {
  return String(time.length > 11 ? now : Math.floor(now / 1000));
}
