/** Keeps a path that a mapping made below the URL of its target. */

const LONGEST = 8192;
/** Servers and proxies differ in how often they decode a path; nobody encodes one more often than this. */
const MOST_DECODINGS = 5;

/** Why a path is refused, or undefined where it is safe. A path is segments behind `/`, percent-encoded where they need it. */
export function pathProblem(path: string): string | undefined {
  if (path.length > LONGEST) return `must not be longer than ${LONGEST} characters`;
  if (!path.isWellFormed()) return 'must be well-formed text';
  if (/[?#]/.test(path)) return 'must not hold ? or #: use query, or urlencode the value';
  const readings = decodings(path);
  if (readings === undefined) return 'must be percent-encoded, once, where it holds a %';
  if (readings.some((text) => /\p{Cc}/u.test(text))) return 'must not hold control characters';
  if (readings.some((text) => /\\|%2f|%5c/i.test(text))) return 'must not hold a backslash or an encoded slash';
  const segments = readings.flatMap((text) => text.split('/'));
  if (segments.some((segment) => /^\.{1,2}(?:;|$)/.test(segment))) return 'must not hold a . or .. segment';
  return path.includes('//') ? 'must not hold an empty segment: a value in it is empty' : undefined;
}

/** The path with a `/` before it and what a URL cannot hold percent-encoded; what is encoded already stays. */
export function encodePath(path: string): string {
  const encoded = encodeURI(path).replaceAll('%25', '%').replaceAll('[', '%5B').replaceAll(']', '%5D');
  return encoded === '' || encoded.startsWith('/') ? encoded : `/${encoded}`;
}

/** The path as it stands, decoded once, twice and so on; undefined where it cannot be decoded, or has no end of it. */
function decodings(path: string): string[] | undefined {
  const texts = [path];
  let text = path;
  for (let i = 0; i < MOST_DECODINGS; i++) {
    const next = decoded(text);
    if (next === undefined) return i === 0 ? undefined : texts; // `100%25` is `100%`, and that is the end
    if (next === text) return texts;
    texts.push(next);
    text = next;
  }
  return undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
