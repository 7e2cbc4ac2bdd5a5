/** Which addresses a delivery may dial: subscribers name their own URLs, so private networks and cloud metadata stay out of reach. */
import { isIP } from 'node:net';
import { compileNetworks, isInNetworks } from '../kit/networks.ts';
import { createLookup, type Lookup } from './dns.ts';

export interface AddressRule {
  /** `configured`: the operator wrote the URL. `subscriber`: someone outside did. */
  readonly trust: 'configured' | 'subscriber';
  /** CIDRs that a subscriber may live in although they are private. */
  readonly allowPrivate: readonly string[];
}

export type UrlCheck =
  | { readonly kind: 'allowed' }
  /** Not an absolute http or https URL. */
  | { readonly kind: 'invalid'; readonly message: string }
  | { readonly kind: 'unresolvable'; readonly message: string }
  | { readonly kind: 'forbidden'; readonly message: string };

/** Special-purpose addresses (IANA registries): nothing that a stranger should make this machine talk to. */
const PRIVATE = compileNetworks(
  [
    '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24',
    '192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4',
    '::/128 ::1/128 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8',
  ].flatMap((line) => line.split(' ')),
);

/** Where clouds hand out credentials to whoever asks: AWS, ECS, EKS, Google, Azure, Alibaba, Oracle, Tencent, Scaleway. */
const METADATA = compileNetworks(
  [
    '169.254.169.254/32 169.254.170.2/32 169.254.170.23/32 169.254.0.23/32 169.254.42.42/32 100.100.100.200/32 168.63.129.16/32',
    '192.0.0.192/32 fd00:ec2::254/128 fd00:ec2::23/128 fd20:ce::254/128 fd00:42::42/128',
  ].flatMap((line) => line.split(' ')),
);

/**
 * True where the address must not be dialled. Takes any spelling of an IP literal: decimal, octal and hexadecimal IPv4, IPv6 with or
 * without brackets and zone; an IPv4 address inside an IPv6 one (mapped, compatible, translated, NAT64, 6to4) counts as itself.
 * What is no IP literal is forbidden: names are resolved first.
 */
export function isForbidden(address: string, rule: AddressRule): boolean {
  const canonical = canonicalAddress(address);
  if (canonical === undefined) return true;
  const forms = [canonical, ...embeddedIpv4(canonical)];
  if (forms.some((form) => isInNetworks(METADATA, form))) return true;
  if (rule.trust === 'configured' || !forms.some((form) => isInNetworks(PRIVATE, form))) return false;
  const allowed = compileNetworks(rule.allowPrivate);
  return !forms.some((form) => isInNetworks(allowed, form));
}

/** Whether a URL may be delivered to as things stand: resolves its host, and every address it has must be allowed. */
export async function checkUrl(url: string, rule: AddressRule, lookup: Lookup = createLookup()): Promise<UrlCheck> {
  const parsed = URL.parse(url);
  if (!parsed || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')) {
    return { kind: 'invalid', message: 'must be an absolute http or https URL' };
  }
  const forbidden: UrlCheck = { kind: 'forbidden', message: `${parsed.hostname} is not a public address` };
  if (canonicalAddress(parsed.hostname) !== undefined) {
    return isForbidden(parsed.hostname, rule) ? forbidden : { kind: 'allowed' };
  }
  try {
    const addresses = await lookup(parsed.hostname);
    if (addresses.length === 0) return { kind: 'unresolvable', message: `${parsed.hostname} has no address` };
    return addresses.some(({ address }) => isForbidden(address, rule)) ? forbidden : { kind: 'allowed' };
  } catch {
    return { kind: 'unresolvable', message: `${parsed.hostname} cannot be resolved` };
  }
}

/** `2130706433`, `0x7f.1` and `[::FFFF:7f00:1]` in the one spelling that Node uses; undefined where it is no IP literal. */
export function canonicalAddress(text: string): string | undefined {
  const bare = text.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (isIP(bare) === 6) return URL.parse(`http://[${bare}]`)?.hostname.slice(1, -1);
  const hostname = /^[0-9a-fx.]+$/i.test(bare) ? URL.parse(`http://${bare}/`)?.hostname : undefined;
  return hostname !== undefined && isIP(hostname) === 4 ? hostname : undefined;
}

/** IPv4 addresses that an IPv6 address stands for, by each way in which it may be routed there. */
function embeddedIpv4(address: string): string[] {
  if (isIP(address) !== 6) return [];
  const words = ipv6Words(address);
  const dotted = (at: number): string => {
    const [high = 0, low = 0] = words.slice(at, at + 2);
    return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  };
  const starts = (...head: number[]): boolean => head.every((word, index) => words[index] === word);
  const found: string[] = [];
  const isPlain = starts(0, 0, 0, 0, 0, 0) && words[6] === 0 && (words[7] ?? 0) <= 1; // :: and ::1
  if (starts(0, 0, 0, 0, 0, 0xffff) || (starts(0, 0, 0, 0, 0, 0) && !isPlain)) found.push(dotted(6));
  if (starts(0, 0, 0, 0, 0xffff, 0) || starts(0x64, 0xff9b)) found.push(dotted(6));
  if (starts(0x2002)) found.push(dotted(1));
  return found;
}

function ipv6Words(canonical: string): number[] {
  const [head = '', tail] = canonical.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right].map((word) => Number.parseInt(word, 16));
}
