/** Who may use the admin port: the token, the Host allow-list against rebinding, and no cross-site request from a browser. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, Middleware } from 'koa';
import { INSPECTOR_KEY } from './inspect.ts';

export interface GuardPorts {
  /** Null where none is asked for. */
  readonly token: string | null;
  readonly allowedHosts: readonly string[];
  /** What this relay's own deliveries to its inspector show. */
  readonly inspectorKey: string;
}

/** Paths that tell nothing but life, open for probes without a token. */
const OPEN_PATHS: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
};

export function guard(ports: GuardPorts): Middleware {
  return async (context, next) => {
    context.set(SECURITY_HEADERS);
    const refusal = refusalOf(context, ports);
    if (refusal) {
      context.status = refusal.status;
      if (refusal.status === 401) context.set('www-authenticate', 'Basic realm="dragoman", charset="UTF-8"');
      context.body = { error: { code: refusal.code, message: refusal.message } };
      return;
    }
    await next();
  };
}

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

function refusalOf({ headers, method, path }: Context, ports: GuardPorts): Refusal | undefined {
  const host = hostName(String(headers.host ?? ''));
  if (!ports.allowedHosts.includes(host)) {
    return { status: 421, code: 'HOST_NOT_ALLOWED', message: 'this host name is not in admin.allowed_hosts' };
  }
  if (isForeign(headers, method !== 'GET' && method !== 'HEAD')) {
    return { status: 403, code: 'CROSS_SITE', message: crossSiteMessage(headers) };
  }
  const { token } = ports;
  if (token === null || OPEN_PATHS.has(path) || presents(headers.authorization, token)) return undefined;
  const key = headers[INSPECTOR_KEY];
  if (path.startsWith('/inspect/') && key !== undefined && isSame(String(key), ports.inspectorKey)) return undefined;
  return { status: 401, code: 'TOKEN_REQUIRED', message: 'the admin token is missing or wrong' };
}

/**
 * Whether a browser sends the request on behalf of another site. `same-origin` is the browser's own word: no page can set it, and it
 * is said over https and of this machine only, so a name that leads here by rebinding does not bring it. Where it is missing, Origin has
 * to be the host that was asked for. A page without an origin of its own (a sandboxed frame, a file) says `null`.
 */
function isForeign(headers: Context['headers'], isChange: boolean): boolean {
  const { 'sec-fetch-site': site, origin } = headers;
  if (site === 'same-origin') return false;
  const isLink = !isChange && headers['sec-fetch-mode'] === 'navigate';
  if (site !== undefined && site !== 'none' && !isLink) return true;
  if (origin === undefined) return false;
  if (origin === 'null') return isChange && site === undefined;
  return hostOf(origin) !== headers.host?.toLowerCase();
}

function crossSiteMessage({ origin, host }: Context['headers']): string {
  const refused = 'requests from another site are refused';
  if (origin === undefined || origin === 'null') return refused;
  return `${refused}: the page is of ${hostOf(origin)}, the request was for ${host}; a proxy in between has to pass the Host on`;
}

function hostOf(origin: string): string {
  return origin.replace(/^https?:\/\//, '').toLowerCase();
}

/** Whether an Authorization header brings the token: as `Bearer`, or as the password of `Basic` so that a browser can ask for it. */
function presents(header: string | string[] | undefined, token: string): boolean {
  const [scheme, credentials = ''] = String(header ?? '').split(' ');
  const given =
    scheme?.toLowerCase() === 'basic'
      ? Buffer.from(credentials, 'base64')
          .toString()
          .replace(/^[^:]*:/, '')
      : credentials;
  return isSame(given, token);
}

function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function hostName(host: string): string {
  return host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
}
