/** The top level of `relay.yaml`: every section by its key, in the order of the reference. */
import { OWN_SOURCE } from '../../model/source.ts';
import { SUBSCRIBERS } from '../../model/target.ts';
import { json, keyed } from '../shape/free.ts';
import { text } from '../shape/leaf.ts';
import { named, section } from '../shape/many.ts';
import { object, optional, placed, preset } from '../shape.ts';
import { alarm } from './alarm.ts';
import { rule } from './rule.ts';
import { admin, inspector, log, retention, server, storage } from './server.ts';
import { source } from './source.ts';
import { subscriptions } from './subscriptions.ts';
import { target } from './target.ts';

export const root = object({
  server: preset(server, {}, 'Where senders and subscribers knock.'),
  admin: preset(admin, {}, 'The dashboard, the admin API and /metrics.'),
  store: storage,
  mappings: preset(text('a folder', '../mappings'), '../mappings', 'The folder of mappings, relative to this file.'),
  retention: preset(retention, {}, 'How long finished events are kept.'),
  params: preset(
    keyed(placed(json()), 'names and values'),
    {},
    'Constants that rules and mappings read as params.NAME.',
  ),
  sources: preset(
    named(source, { [OWN_SOURCE]: 'it is the built-in source of alarms' }),
    {},
    'Who sends events here, by a name of your own.',
  ),
  targets: preset(
    named(target, { [SUBSCRIBERS]: 'it is the built-in group of everyone who subscribed' }),
    {},
    'Where events go, by a name of your own.',
  ),
  rules: preset(section(rule), [], 'Which events go where.'),
  subscriptions: optional(subscriptions, "Serves Sigma's subscription API under /v1/webhook on the server port."),
  alarms: preset(section(alarm), [], 'Conditions that make an event of source dragoman, format json.'),
  log: preset(log, {}, 'What is written to standard output.'),
  inspector: preset(inspector, {}, 'The built-in targets that show what they get.'),
});
