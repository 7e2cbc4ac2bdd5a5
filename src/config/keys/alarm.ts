/** The keys of an alarm: a condition that makes an event of the built-in source `dragoman`, which a rule may send on. */

import { duration, durationOr } from '../shape/amount.ts';
import { flag, text, whole } from '../shape/leaf.ts';
import { oneOrMany } from '../shape/many.ts';
import { object, optional, placed, preset, required } from '../shape.ts';
import { scopePath } from './scope-path.ts';

const DAY_MS = 86_400_000;
const span = { least: 1000, most: 365 * DAY_MS };
const sourceName = placed(text('the name of a source', 'bsr'));
const targets = oneOrMany(placed(text('the name of a target', 'legacy-vod')), { least: 1 });
const eventType = placed(text('an event type', 'record.started'));

/** The four conditions; an alarm has exactly one of them. */
export const CONDITIONS = ['silent', 'unfinished', 'dead_letters', 'breaker_open'] as const;

export const alarm = placed(
  object({
    name: required(
      placed(text('a name', 'the recorder fell silent')),
      "What the alarm is called; no other alarm's name.",
    ),
    silent: optional(
      object({
        source: required(oneOrMany(sourceName, { least: 1 }), 'A source or a list; each is watched on its own.'),
        for: preset(durationOr('usual', span), 'usual', "How long; usual learns it from the source's own past."),
      }),
      'Condition: a source has sent nothing for longer than this.',
    ),
    unfinished: optional(
      object({
        source: required(sourceName, 'The source.'),
        started: required(eventType, 'The event type that begins something.'),
        ended: required(eventType, 'The event type that ends it.'),
        same: required(placed(scopePath()), 'A path such as data.live_id that has the same value in both.'),
        within: required(duration(span), 'How long it may take.'),
      }),
      'Condition: something has begun and not ended within a time.',
    ),
    dead_letters: optional(
      object({
        above: preset(whole({ least: 0, most: 1_000_000_000 }), 0, 'More dead letters than this.'),
        target: optional(targets, 'Only of this target, or of each of a list; left out, of all together.'),
      }),
      'Condition: there are too many dead letters.',
    ),
    breaker_open: optional(
      object({
        target: optional(targets, 'This target, or each of a list; left out, each target.'),
        for: required(duration(span), 'How long.'),
      }),
      'Condition: a target has been failing, so that its breaker is open, or has stopped itself by answering 410, for longer than this.',
    ),
    repeat: optional(duration(span), 'Said again after so long while it lasts; left out, said once.'),
    enabled: preset(flag(), true, 'False: not watched.'),
  }),
);
