/** Gives every way in which no usable answer came a stable code and a sentence for people. */
import type { Reason } from '../model/outcome.ts';

/** What a request fails with where the relay itself can tell why: a forbidden address, an answer that is none, a stop. */
export class AttemptFailed extends Error {
  override readonly name = 'AttemptFailed';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const SENTENCES: Readonly<Record<string, string>> = {
  TIMEOUT: 'the target did not answer completely in time',
  CONNECT_TIMEOUT: 'the connection did not come about in time',
  CONNECTION_REFUSED: 'nothing listens at the address of the target',
  CONNECTION_RESET: 'the target closed the connection before it had answered',
  HOST_UNREACHABLE: 'there is no way to the address of the target',
  DNS_NOT_FOUND: 'the name of the target does not exist',
  DNS_FAILED: 'the name of the target cannot be resolved at present',
  TLS_SELF_SIGNED: 'the certificate of the target is signed by itself',
  TLS_EXPIRED: 'the certificate of the target has expired',
  TLS_WRONG_HOST: 'the certificate of the target is for another name',
  TLS_UNTRUSTED: 'the certificate of the target is signed by an authority that is not trusted',
  TLS_FAILED: 'no TLS connection came about',
  BAD_RESPONSE: 'the target answered with something that is not HTTP',
  NETWORK_ERROR: 'the request failed on the network',
};

const CODES: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: 'CONNECT_TIMEOUT',
  ETIMEDOUT: 'CONNECT_TIMEOUT',
  ECONNREFUSED: 'CONNECTION_REFUSED',
  ECONNRESET: 'CONNECTION_RESET',
  EPIPE: 'CONNECTION_RESET',
  UND_ERR_SOCKET: 'CONNECTION_RESET',
  ECONNABORTED: 'CONNECTION_RESET',
  EHOSTUNREACH: 'HOST_UNREACHABLE',
  ENETUNREACH: 'HOST_UNREACHABLE',
  EADDRNOTAVAIL: 'HOST_UNREACHABLE',
  ENOTFOUND: 'DNS_NOT_FOUND',
  EAI_AGAIN: 'DNS_FAILED',
  EAI_FAIL: 'DNS_FAILED',
  EAI_NODATA: 'DNS_NOT_FOUND',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'TLS_SELF_SIGNED',
  SELF_SIGNED_CERT_IN_CHAIN: 'TLS_SELF_SIGNED',
  CERT_HAS_EXPIRED: 'TLS_EXPIRED',
  ERR_TLS_CERT_ALTNAME_INVALID: 'TLS_WRONG_HOST',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'TLS_UNTRUSTED',
  UNABLE_TO_GET_ISSUER_CERT: 'TLS_UNTRUSTED',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'TLS_UNTRUSTED',
  EPROTO: 'TLS_FAILED',
  UND_ERR_HEADERS_OVERFLOW: 'BAD_RESPONSE',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'BAD_RESPONSE',
};

/** The HTTP client ends the connection itself there, as if the target had closed it; these are its words. */
const INTERIM = new Set(['bad response', 'bad upgrade']);
const UNASKED = 'the target answered 100 (continue) or 101 (another protocol), which nobody had asked for';

/** The reason of an error of the HTTP client, of the network, or of our own. Never holds what an event or a header says. */
export function reasonOf(error: unknown): Reason {
  if (error instanceof AttemptFailed) return { code: error.code, message: error.message };
  if (isInterim(error)) return { code: 'BAD_RESPONSE', message: UNASKED };
  const code = codeOf(error);
  return { code, message: SENTENCES[code] ?? '' };
}

export function reasonFor(code: string): Reason {
  return { code, message: SENTENCES[code] ?? '' };
}

function isInterim(error: unknown): boolean {
  return error instanceof Error && rawCode(error) === 'UND_ERR_SOCKET' && INTERIM.has(error.message);
}

function codeOf(error: unknown): string {
  const code = rawCode(error);
  if (code === undefined) return 'NETWORK_ERROR';
  if (CODES[code]) return CODES[code];
  if (code.startsWith('HPE_')) return 'BAD_RESPONSE';
  if (/^(?:ERR_SSL|ERR_TLS|CERT_|UNABLE_TO|INVALID_CA|HOSTNAME_MISMATCH)/.test(code)) return 'TLS_FAILED';
  return 'NETWORK_ERROR';
}

/** Several addresses that failed to connect come as one error that holds theirs: the first one speaks. */
function rawCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as { readonly code?: unknown };
  if (typeof code === 'string') return code;
  if (error.name === 'HTTPParserError') return 'HPE_UNKNOWN';
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause;
  return inner === undefined ? undefined : rawCode(inner);
}
