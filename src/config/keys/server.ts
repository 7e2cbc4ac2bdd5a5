/** The keys that say where the relay listens, where it keeps things, and what it tells: everything that is no event's path. */

import { duration, size } from '../shape/amount.ts';
import { choice, flag, scalarOf, secret, settle, shown, switchMeant, whole } from '../shape/leaf.ts';
import { list, oneOrMany } from '../shape/many.ts';
import { cidr, host, hostName } from '../shape/net.ts';
import { object, optional, preset, type Shape } from '../shape.ts';
import { boundary } from './boundary.ts';
import { store } from './store.ts';

const port = whole({ least: 0, most: 65_535 });

export const server = object({
  host: preset(host(), '0.0.0.0', 'The address on which senders and subscribers are answered.'),
  port: preset(port, 8080, 'Its port; 0 takes any free one.'),
  trust_proxy: preset(
    trustProxy(),
    false,
    'Whose X-Forwarded-For is believed: false for nobody, a number of proxies in front, or their CIDRs.',
  ),
  max_headers: preset(
    size({ least: 1024, most: 2 ** 20 }),
    '16KiB',
    'The most that all headers of a request may take.',
  ),
  grace: preset(duration(), '10s', 'How long a stop waits for what is under way.'),
  max_hops: preset(
    whole({ least: 1, most: 100 }),
    3,
    'How many relays an event may pass before it is refused as a loop.',
  ),
});

export const admin = object({
  host: preset(host(), '127.0.0.1', 'The address of the dashboard, the admin API and /metrics.'),
  port: preset(port, 8081, 'Its port; 0 takes any free one.'),
  token: optional(
    secret(8),
    'Asked of whoever calls the admin port: 8 characters at least. Required where `host` is not this machine alone.',
  ),
  allowed_hosts: preset(list(hostName()), [], 'Names by which the admin port may be called beside its address.'),
});

export const storage = preset(
  store(),
  'sqlite:../data/dragoman.db',
  'Where events and deliveries are kept: sqlite:FILE, relative to this file, or postgres://….',
);

export const retention = object({
  days: preset(
    boundary('forever', whole({ least: 1, most: 36_500, example: 30 })),
    30,
    'Finished events older than this many days are removed.',
  ),
  size: preset(
    boundary('unlimited', size({ least: 2 ** 20, most: Number.MAX_SAFE_INTEGER, example: '10GB' })),
    '10GB',
    'The oldest finished events are removed so that the store stays below this.',
  ),
});

export const log = object({
  level: preset(
    choice('trace', 'debug', 'info', 'warn', 'error', 'silent'),
    'info',
    'The least important lines that are written.',
  ),
  format: preset(choice('auto', 'json', 'pretty'), 'auto', 'JSON lines, or lines for people; auto asks the terminal.'),
});

export const inspector = object({
  enabled: preset(flag(), true, 'Whether /inspect/NAME on the admin port takes requests.'),
  keep: preset(
    whole({ least: 1, most: 10_000 }),
    100,
    'How many requests each inspector keeps, at most: large ones make it fewer.',
  ),
});

function trustProxy(): Shape<false | number | readonly string[]> {
  const hops = whole({ least: 0, most: 32 });
  const networks = oneOrMany(cidr());
  return {
    expects: 'false, a number of proxies, or CIDRs',
    schema: { anyOf: [{ const: false }, hops.schema, networks.schema] },
    read: (node, spot) => {
      if (node.kind !== 'value') return networks.read(node, spot);
      const value = scalarOf(node, spot);
      if (value === undefined || value === false) return value as false;
      const wrong = 'must say who is believed: false, a number of proxies, or their CIDRs';
      // Believing everybody would let any sender choose its own address.
      if (value === true) return settle(node, { wrong, try: '1 for one proxy in front' }, spot);
      if (typeof value === 'number' || /^\d+$/.test(String(value))) return hops.read(node, spot) || false;
      if (/[\d:]/.test(String(value))) return networks.read(node, spot);
      const advice = switchMeant(String(value)) ?? 'false, 1, or 172.16.0.0/12';
      return settle(node, { wrong, try: shown(node, advice) }, spot);
    },
  };
}
