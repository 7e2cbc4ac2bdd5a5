/** The format `json`: any JSON in, any HTTP request out, for senders and consumers with a dialect of their own. */
import type { Format } from '../../model/format.ts';
import { jsonEvents } from './events.ts';
import { jsonSourceOptions } from './options.ts';
import { readJson } from './read.ts';
import { refusesJson } from './refuses.ts';
import { writeJson } from './write.ts';

export const json: Format = {
  name: 'json',
  title: 'JSON',
  about:
    'Any JSON. A source says with `type`, `id` and `time` where these stand; a body that is no object is read as { value: … }. A ' +
    'target has no events: the mapping writes method, path, query, headers and body.',
  methods: ['POST', 'PUT', 'PATCH'],
  bodies: ['json'],
  reply: 'accepted',
  events: jsonEvents,
  open: true,
  free: true,
  sourceOptions: jsonSourceOptions,
  read: readJson,
  refuses: refusesJson,
  write: writeJson,
};
