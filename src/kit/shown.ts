/** How paths, hosts, times and the text of others are written for the person on this machine. */
import { relative } from 'node:path';

/** A path as the user would name it: relative to the working directory where that is shorter. */
export function shownPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short !== '' && short.length < path.length ? short : path;
}

/** A host that something listens on, as a URL of this machine has it. */
export function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

/** `2026-01-31 12:00:00Z` of epoch milliseconds. */
export function showTime(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
}

/** What a terminal would obey instead of showing it: control characters but tabs and line ends, and what turns the direction of writing. */
const OBEYED = /(?!\t|\r?\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu;

/** A text with everything that a terminal would obey spelt out, as JSON may spell it: JSON stays the JSON that it is. */
export function spelledOut(text: string): string {
  return text.replace(OBEYED, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
