/** Keeps secrets out of whatever leaves by the admin port: each of them, however it is spelled, becomes `***`. */

export type Mask = <T>(value: T) => T;

const MASK = '***';
/** A shorter value stands in too many innocent words. */
const SHORTEST_MASKED = 4;
const CREDENTIAL = /auth|cookie|secret|token|password|api-?key/;
const SIGNATURE = /signature/;

/** Masks every text of a JSON-like value, names included; what holds no secret is given back as it is. */
export function createMask(secrets: () => readonly string[]): Mask {
  let known: readonly string[] | undefined;
  let pattern: RegExp | undefined;
  const clean = (text: string): string => (pattern ? text.replace(pattern, MASK) : text);
  return (value) => {
    const now = secrets();
    if (now !== known) {
      known = now;
      pattern = patternOf(now);
    }
    return pattern ? (masked(value, clean) as typeof value) : value;
  };
}

type Headers = Readonly<Record<string, string>>;

/** Headers as they may be shown: what is in those that carry credentials or signatures is nobody's business. */
export function maskHeaders(headers: Headers): Headers {
  return maskNamed(headers, (name) => CREDENTIAL.test(name) || SIGNATURE.test(name));
}

/** The same with signatures left: whoever looks at what an inspector received wants to see that it was signed. */
export function maskCredentials(headers: Headers): Headers {
  return maskNamed(headers, (name) => CREDENTIAL.test(name));
}

function maskNamed(headers: Headers, isSecret: (name: string) => boolean): Headers {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, isSecret(name.toLowerCase()) ? MASK : value]),
  );
}

/** A URL as it may be shown: without credentials, the values of its query masked. */
export function maskUrl(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed) return MASK;
  const query = parsed.search.replace(/=[^&]*/g, `=${MASK}`);
  return `${parsed.origin === 'null' ? `${parsed.protocol}//${parsed.host}` : parsed.origin}${parsed.pathname}${query}`;
}

function masked(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map((item) => masked(item, clean));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [clean(name), masked(inner, clean)]));
}

/** The longest spelling is tried first, so that none leaves a part of itself behind. */
function patternOf(secrets: readonly string[]): RegExp | undefined {
  const spellings = new Set(secrets.filter((secret) => secret.length >= SHORTEST_MASKED).flatMap(spellingsOf));
  if (spellings.size === 0) return undefined;
  return new RegExp(
    [...spellings]
      .toSorted((a, b) => b.length - a.length)
      .map(RegExp.escape)
      .join('|'),
    'g',
  );
}

/** As it is, as a body in JSON spells it, and as URLs and forms do. */
function spellingsOf(secret: string): string[] {
  const wellFormed = secret.toWellFormed();
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(wellFormed),
    new URLSearchParams([['', wellFormed]]).toString().slice(1),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  ];
}
