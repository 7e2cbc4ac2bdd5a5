/** Keeps headers that a mapping made from forging the request or what the relay says about itself. */

const RESERVED = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'proxy-authorization',
  'proxy-connection',
]);

/** Why a header is refused, or undefined where it is safe. `name` is lower case. */
export function headerProblem(name: string, value: string): string | undefined {
  if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name)) return 'is no name of a header';
  if (RESERVED.has(name) || /^(?:webhook|dragoman)-/.test(name)) return 'is set by the relay and cannot be changed';
  if (/[\r\n]/.test(value)) return 'must not hold line breaks';
  if (/[\0-\x08\x0b-\x1f\x7f]/.test(value)) return 'must not hold control characters';
  if (/[^\0-\xff]/.test(value)) return 'must hold Latin-1 characters only: urlencode or base64 the value';
  return undefined;
}
