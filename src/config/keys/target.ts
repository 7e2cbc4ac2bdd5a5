/** The keys of a target: where deliveries go, how fast, and how patiently. */

import { duration, rate } from '../shape/amount.ts';
import { keyed } from '../shape/free.ts';
import { flag, text, textLeaf, whole } from '../shape/leaf.ts';
import { list, oneOrMany } from '../shape/many.ts';
import { targetUrl } from '../shape/net.ts';
import { object, openObject, optional, placed, preset, required } from '../shape.ts';
import { scopePath } from './scope-path.ts';
import { signingSecret } from './signing-secret.ts';

const HOUR_MS = 3_600_000;
const status = whole({ least: 300, most: 599 });

export const target = openObject({
  format: required(
    placed(text('the name of a format', 'remotemonster')),
    'What is sent there: bsr, remotemonster, sigma, streamrec or json.',
  ),
  url: required(
    placed(targetUrl()),
    'An http or https URL, whose query is kept, and whose user and password become Basic authorization. inspector:NAME is the built-in page /inspect/NAME on the admin port.',
  ),
  headers: preset(
    placed(
      keyed(
        placed(textLeaf({ expects: 'text', example: '"value"', parse: (value) => ({ value }) })),
        'headers and their values',
      ),
    ),
    {},
    'Sent with every request.',
  ),
  timeout: preset(duration({ least: 1, most: HOUR_MS }), '15s', 'For the whole answer, its body included.'),
  connect_timeout: preset(duration({ least: 1, most: HOUR_MS }), '5s', 'For the connection, TLS included.'),
  concurrency: preset(whole({ least: 1, most: 1000 }), 8, 'Requests under way at once.'),
  rate: optional(rate(), 'Requests at most, such as 20/s.'),
  retry: preset(
    object({
      quick: preset(
        whole({ least: 1, most: 10 }),
        3,
        'Tries within seconds, before the schedule begins; 1 is a single one.',
      ),
      schedule: preset(
        list(duration({ least: 1, most: 30 * 24 * HOUR_MS }), { most: 100 }),
        ['5s', '30s', '2m', '10m', '30m', '2h', '5h', '10h', '14h', '20h', '24h'],
        'The pauses before further rounds, each ±20 %; after the last one the delivery is a dead letter.',
      ),
      retry_on: preset(
        list(status),
        [],
        'Statuses that are tried again although they end at once by default. A 410 stops the whole target until it is resumed, unless it is listed here or under dead_on.',
      ),
      dead_on: preset(
        list(status),
        [],
        'Statuses that end at once although they are tried again by default. With 410 here it ends the one delivery and does not stop the target.',
      ),
    }),
    {},
    'How patiently a delivery is tried again.',
  ),
  breaker: preset(
    object({
      failures: preset(whole({ least: 1, most: 10_000 }), 5, 'Failures in a row after which the target is left alone.'),
      pause: preset(
        duration({ least: 1, most: 24 * HOUR_MS }),
        '5s',
        'The pause before a single probe; it doubles each time.',
      ),
      longest: preset(duration({ least: 1, most: 24 * HOUR_MS }), '10m', 'The longest that the pause grows to.'),
    }),
    {},
    'When a failing target is left alone; what waits meanwhile is not lost.',
  ),
  order_by: optional(
    placed(scopePath()),
    'A path such as data.room_id: events with the same value there go out one after the other. Those without a value there, or with an empty text, are in no order.',
  ),
  sign: optional(
    oneOrMany(signingSecret(), { least: 1 }),
    'A Standard Webhooks secret, whsec_ and base64; a list during rotation. Left out, or empty through ${env:NAME:-}: not signed.',
  ),
  enabled: preset(flag(), true, 'False keeps its deliveries waiting.'),
});
