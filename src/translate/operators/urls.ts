/** Operators on URLs, paths and queries. */
import { describe, spend, spendText, ValueError } from '../run.ts';
import { asText, textOf } from './convert.ts';
import { percentEncode } from './encode.ts';
import { type Example, type Operator, TEXT } from './operator.ts';

const family = 'URLs and paths';

function pathPart(
  name: string,
  summary: string,
  examples: readonly Example[],
  make: (path: string) => string,
): Operator {
  const apply: Operator['apply'] = (input, _args, meter) => {
    const text = asText(input);
    spendText(meter, text.length);
    return make(withoutQuery(text));
  };
  return { name, family, summary, takes: ['string'], args: [], gives: TEXT, examples, apply };
}

/** Only a URL's query and fragment are cut off: a file's name may hold ? and #. */
function withoutQuery(text: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return text;
  const end = text.search(/[?#]/);
  return end === -1 ? text : text.slice(0, end);
}

function basename(path: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === '/') end--;
  return path.slice(path.lastIndexOf('/', end - 1) + 1, end);
}

function dirname(path: string): string {
  const base = basename(path);
  const at = path.lastIndexOf(`/${base}`);
  return at <= 0 ? (path.startsWith('/') ? '/' : '') : path.slice(0, at);
}

function extension(path: string): string {
  const base = basename(path);
  const dot = base.lastIndexOf('.');
  return dot <= 0 ? '' : base.slice(dot + 1);
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) throw new ValueError(`${describe(text)} is no absolute URL`);
  return url;
}

/** A name that is repeated gives a list. */
function queryObject(query: string): Record<string, string | string[]> {
  const fields = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(query)) {
    const before = fields.get(name);
    if (before === undefined) fields.set(name, value);
    else if (typeof before === 'string') fields.set(name, [before, value]);
    else before.push(value);
  }
  fields.delete('__proto__');
  return Object.fromEntries(fields);
}

const queryValue = { anyOf: [TEXT, { type: 'array', items: TEXT }] } as const;

export const urlOperators: readonly Operator[] = [
  pathPart(
    'basename',
    'The last part of a path or URL; a URL’s query does not belong to it.',
    [
      { expression: '"https://x/a/b.mp4?s=1" | basename', output: 'b.mp4' },
      { expression: '"/a/b/" | basename', output: 'b' },
    ],
    basename,
  ),
  pathPart(
    'dirname',
    'A path or URL without its last part.',
    [{ expression: '"/a/b/c.mp4" | dirname', output: '/a/b' }],
    dirname,
  ),
  pathPart(
    'extension',
    'What stands behind the last point of a path’s or URL’s last part, without the point; "" where there is none.',
    [
      { expression: '"https://x/a.b/c.mp4?x=.y" | extension', output: 'mp4' },
      { expression: '"/a.b/c" | extension', output: '' },
    ],
    extension,
  ),
  {
    name: 'parse_url',
    family,
    summary:
      'The parts of an absolute URL: scheme, host, port, path, query (an object), fragment, origin; without user and password.',
    takes: ['string'],
    args: [],
    gives: {
      type: 'object',
      properties: {
        scheme: TEXT,
        host: TEXT,
        port: { type: 'integer' },
        path: TEXT,
        query: { type: 'object', additionalProperties: queryValue },
        fragment: TEXT,
        origin: TEXT,
      },
      required: ['scheme', 'host', 'path', 'query', 'fragment', 'origin'],
      additionalProperties: false,
    },
    examples: [
      {
        expression: '"https://x.example:8443/a?b=1#c" | parse_url',
        output: {
          scheme: 'https',
          host: 'x.example',
          port: 8443,
          path: '/a',
          query: { b: '1' },
          fragment: 'c',
          origin: 'https://x.example:8443',
        },
      },
    ],
    apply(input, _args, meter) {
      spendText(meter, asText(input).length);
      const url = parseUrl(asText(input));
      return {
        scheme: url.protocol.slice(0, -1),
        host: url.hostname,
        ...(url.port !== '' && { port: Number(url.port) }),
        path: url.pathname,
        query: queryObject(url.search),
        fragment: url.hash.slice(1),
        origin: url.origin,
      };
    },
  },
  {
    name: 'parse_query',
    family,
    summary: 'The values of a query string by name; a name that is repeated has a list.',
    takes: ['string'],
    args: [],
    gives: { type: 'object', additionalProperties: queryValue },
    examples: [{ expression: '"a=1&b=x%20y&b=z" | parse_query', output: { a: '1', b: ['x y', 'z'] } }],
    apply(input, _args, meter) {
      spendText(meter, asText(input).length);
      return queryObject(asText(input));
    },
  },
  {
    name: 'query_string',
    family,
    summary: 'An object as a query string, percent-encoded; a list repeats its name, null is left out.',
    takes: ['object'],
    args: [],
    gives: TEXT,
    examples: [{ expression: 'data | query_string', data: { a: 'x y', b: [1, 2] }, output: 'a=x%20y&b=1&b=2' }],
    apply(input, _args, meter) {
      if (typeof input !== 'object' || input === null)
        throw new ValueError(`it takes an object, and this is ${describe(input)}`);
      const pairs: string[] = [];
      for (const [name, value] of Object.entries(input)) {
        for (const one of Array.isArray(value) ? value : [value]) {
          spend(meter, 1);
          if (one !== null && one !== undefined) pairs.push(`${percentEncode(name)}=${percentEncode(textOf(one))}`);
        }
      }
      const text = pairs.join('&');
      spendText(meter, text.length);
      return text;
    },
  },
];
