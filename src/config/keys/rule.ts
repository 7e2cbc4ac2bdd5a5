/** The keys of a rule: which events of which sources go, translated how, to which targets. */

import { tree } from '../shape/free.ts';
import { flag, text } from '../shape/leaf.ts';
import { oneOrMany } from '../shape/many.ts';
import { object, optional, placed, preset, required } from '../shape.ts';

export const rule = placed(
  object({
    name: required(
      placed(text('a name', 'finished clips become record-done')),
      "What the rule is called in logs and pages; no other rule's name.",
    ),
    from: optional(
      oneOrMany(placed(text('the name of a source', 'bsr')), { least: 1 }),
      'A source or a list; left out, every source of this file. The built-in dragoman sends the alarms.',
    ),
    on: optional(
      oneOrMany(placed(text('an event type', 'record.ended')), { least: 1 }),
      'An event type or a list; left out, all.',
    ),
    when: optional(tree('json-logic', variable), 'A json-logic condition; left out, always.'),
    translate: optional(
      placed(text('the name of a mapping', 'bsr-to-remotemonster')),
      'A mapping by name; left out, the one for this pair of formats, or for the same format the bytes as they came.',
    ),
    to: required(
      oneOrMany(placed(text('the name of a target', 'legacy-vod')), { least: 1 }),
      'A target or a list; subscribers is everyone who subscribed.',
    ),
    enabled: preset(flag(), true, 'False: the rule never matches.'),
  }),
);

/** A filter names a field in its own way, whatever mappings write: `${data.room_id | lower}`. */
function variable(inside: string): string | undefined {
  const path = /^\s*((?:event|data|raw|request|params)\.[^\s|?{}]+)\s*(?:[|?].*)?$/s.exec(inside)?.[1];
  return path && `{ var: ${path} }`;
}
