/** Leaves of the configuration that are addresses: hosts, CIDRs, URLs, paths at the door. */
import { isIP } from 'node:net';
import { percentDecoded } from '../../kit/percent.ts';
import { type Shape, type Spot, shorten } from '../shape.ts';
import { textLeaf, type Wrong } from './leaf.ts';

export function host(): Shape<string> {
  const expects = 'a host name or an IP address to listen on';
  return textLeaf({
    expects,
    example: '0.0.0.0',
    isPublic: true,
    parse: (text) => {
      const bare = text.replace(/^\[(.*)\]$/, '$1');
      if (isIP(bare) !== 0 || isHostName(text)) return { value: bare.toLowerCase() };
      const port = /^(.*):(\d+)$/.exec(text);
      const advice = port ? `host: ${port[1] || '0.0.0.0'} and port: ${port[2]}` : '0.0.0.0';
      return { wrong: `must be ${expects}`, try: advice, code: 'CONFIG_BAD_HOST' };
    },
  });
}

/** A host name as it stands in a `Host` header, without the port. */
export function hostName(): Shape<string> {
  const expects = 'a host name without a port';
  return textLeaf({
    expects,
    example: 'relay.example.com',
    isPublic: true,
    parse: (text) => {
      if (isIP(text) !== 0 || isHostName(text)) return { value: text.toLowerCase() };
      const bare = text.replace(/^[a-z]+:\/\//i, '').replace(/[:/].*$/, '');
      return {
        wrong: `must be ${expects}`,
        try: isHostName(bare) ? bare : 'relay.example.com',
        code: 'CONFIG_BAD_HOST',
      };
    },
  });
}

/** A network in CIDR notation, or a single address. */
export function cidr(): Shape<string> {
  const expects = 'a network such as 172.16.0.0/12, or an address';
  return textLeaf({
    expects,
    example: '172.16.0.0/12',
    isPublic: true,
    parse: (text) => {
      const [address = '', bits, more] = text.trim().split('/');
      const kind = isIP(address);
      const most = kind === 6 ? 128 : 32;
      const isRight = more === undefined && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
      if (kind !== 0 && isRight && !address.includes('%')) return { value: text.trim() };
      return { wrong: `must be ${expects}`, try: cidrLike(text, address, kind), code: 'CONFIG_BAD_ADDRESS' };
    },
  });
}

/** An absolute http or https URL. Credentials and telling query values in it are remembered as secrets. */
export function httpUrl(options: { readonly mayHaveQuery?: boolean } = {}): Shape<string> {
  return textLeaf({
    expects: 'an http or https URL',
    example: 'https://example.com/hook',
    schema: { pattern: '^(https?://|\\$\\{)' },
    parse: (text, spot) => checkHttpUrl(text, { spot, mayHaveQuery: options.mayHaveQuery ?? true }),
  });
}

/** Where deliveries go: an http or https URL, or `inspector:NAME`, the built-in page that keeps what it gets. */
export function targetUrl(): Shape<string> {
  return textLeaf({
    expects: 'an http or https URL, or inspector:NAME',
    example: 'https://example.com/hook',
    schema: { pattern: '^(https?://|inspector:|\\$\\{)' },
    parse: (text, spot) => {
      if (!text.startsWith('inspector:')) return checkHttpUrl(text, { spot, mayHaveQuery: true });
      if (/^inspector:[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text)) return { value: text };
      return {
        ...BAD_URL,
        wrong: 'must name the inspector with letters, digits, ".", "_" and "-"',
        try: 'inspector:my-name',
      };
    },
  });
}

/** A path at the door: `/in/x`; a slash at its end is taken off. */
export function path(): Shape<string> {
  return textLeaf({
    expects: 'a path such as /in/bsr',
    example: '/in/bsr',
    isPublic: true,
    schema: { pattern: '^(/|.*\\$\\{)' },
    parse: (text) => {
      const value = text.length > 1 ? text.replace(/\/$/, '') : text;
      const isPlain = /^(?:\/[A-Za-z0-9._~:@!$&'()*+,;=-]+)+$/.test(value) && !/\/\.{1,2}(?:\/|$)/.test(value);
      if (isPlain && value.length <= 1024) return { value };
      return {
        wrong: 'must be a path such as /in/bsr, without query or escapes',
        try: pathLike(text),
        code: 'CONFIG_BAD_PATH',
      };
    },
  });
}

const BAD_URL = { code: 'CONFIG_BAD_URL' } as const;
/** Addresses at which clouds hand out credentials to whoever asks from inside. */
const METADATA_HOSTS = [
  '169.254.169.254',
  '169.254.170.2',
  '100.100.100.200',
  '[fd00:ec2::254]',
  'metadata.google.internal',
];
const TELLING = /secret|token|key|pass|auth|sig/i;

function checkHttpUrl(
  text: string,
  { spot, mayHaveQuery }: { readonly spot: Spot; readonly mayHaveQuery: boolean },
): { readonly value: string } | Wrong {
  const bad = (wrong: string, advice: string): Wrong => ({ ...BAD_URL, wrong, try: advice });
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url) rememberCredentials(url, spot);
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1];
  if (scheme === undefined) return bad('must be an http or https URL', 'https://… with the scheme in front');
  if (!/^https?$/i.test(scheme)) {
    return bad(
      `must be an http or https URL, and its scheme is ${shorten(scheme)}`,
      `https:// for ${shorten(scheme)}://`,
    );
  }
  if (!url || /\s/.test(text)) return bad('is no URL that can be read', 'https://example.com/hook');
  if (url.hash !== '') return bad('has a fragment (#…), which is never sent', 'the URL without #…');
  if (!mayHaveQuery && url.search !== '') return bad('must have no query', 'the URL without ?…');
  if (METADATA_HOSTS.includes(url.hostname)) return bad("is an address of a cloud's metadata service", 'another host');
  return { value: text };
}

/** Passwords and telling query values, as they are written and as they read. */
function rememberCredentials(url: URL, spot: Spot): void {
  const values = [
    url.password,
    ...[...url.searchParams].filter(([name]) => TELLING.test(name)).map(([, value]) => value),
  ];
  if (url.password !== '') {
    const pair = `${percentDecoded(url.username)}:${percentDecoded(url.password)}`;
    values.push(Buffer.from(pair).toString('base64'));
  }
  for (const value of values) {
    spot.reader.secret(value);
    spot.reader.secret(percentDecoded(value));
  }
}

function isHostName(text: string): boolean {
  return (
    /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/i.test(
      text,
    ) && !/^[\d.]+$/.test(text)
  );
}

function cidrLike(text: string, address: string, kind: number): string {
  if (kind !== 0) return kind === 6 ? `${address}/64` : `${address}/24`;
  return text === 'localhost' ? '127.0.0.1' : '172.16.0.0/12';
}

function pathLike(text: string): string {
  const parts = text
    .replace(/^[a-z]+:\/\/[^/]*/i, '')
    .replace(/[?#].*$/s, '')
    .split('/')
    .map((part) => part.replace(/[^A-Za-z0-9._~-]+/g, '-'))
    .filter((part) => !/^[.-]*$/.test(part));
  return parts.length > 0 ? `/${parts.join('/')}` : '/in/name';
}
