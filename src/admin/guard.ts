/** Who may use the admin port: the token, the Host allow-list against rebinding, and no cross-site request from a browser. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Middleware } from 'koa';

export interface GuardPorts {
  token(): string | null;
  allowedHosts(): readonly string[];
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
    const refusal = refusalOf(context.headers, context.method, ports);
    if (refusal && !(OPEN_PATHS.has(context.path) && refusal.status === 401)) {
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

function refusalOf(headers: NodeJS.Dict<string | string[]>, method: string, ports: GuardPorts): Refusal | undefined {
  const host = hostName(String(headers.host ?? ''));
  if (!ports.allowedHosts().includes(host)) {
    return { status: 421, code: 'HOST_NOT_ALLOWED', message: 'this host name is not in admin.allowed_hosts' };
  }
  const site = headers['sec-fetch-site'];
  const crossSite = site !== undefined && site !== 'same-origin' && site !== 'none';
  const origin = headers.origin;
  const foreign =
    origin !== undefined && origin !== 'null' && hostName(String(origin).replace(/^https?:\/\//, '')) !== host;
  const isChange = method !== 'GET' && method !== 'HEAD';
  if (foreign || (crossSite && isChange)) {
    return { status: 403, code: 'CROSS_SITE', message: 'requests from another site are refused' };
  }
  const token = ports.token();
  if (token !== null && !presents(headers.authorization, token)) {
    return { status: 401, code: 'TOKEN_REQUIRED', message: 'the admin token is missing or wrong' };
  }
  return undefined;
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
  return timingSafeEqual(digest(given), digest(token));
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
