/** A mapping that has been checked: it makes of one event what its target gets, or says why it gets nothing. */
import type { Position } from '../kit/problem.ts';
import type { EventScope } from '../model/event.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Reason } from '../model/outcome.ts';
import type { Schema } from '../model/schema.ts';
import type { Entry, Step } from './entry.ts';
import { createMeter, placed, type Run, reasonOf } from './run.ts';
import { holds } from './structure/condition.ts';
import { overItems } from './structure/loop.ts';
import { createTracer, type TracedEmission } from './trace.ts';

export interface MappingParam {
  readonly about: string;
  /** It has to be in the configuration's `params`. */
  readonly required: boolean;
  readonly default?: Json;
  /** What the expressions of the mapping were checked with. */
  readonly schema: Schema;
}

export interface Mapping {
  readonly name: string;
  /** Format names. */
  readonly from: string;
  readonly to: string;
  /** As it is shown. */
  readonly file: string;
  readonly about: string | undefined;
  readonly params: ReadonlyMap<string, MappingParam>;
  /** By source event type; `*` stands for every other type of an open format. */
  readonly entries: ReadonlyMap<string, MappingEntry>;
  /** Pure; never throws for any event. */
  translate(scope: EventScope): Translation;
  /** The same run with its trace. */
  explain(scope: EventScope): TranslationTrace;
}

export interface MappingEntry {
  readonly at: Position;
  /** The event types that it may emit, in order. */
  readonly emits: readonly string[];
  readonly drops: readonly string[];
}

export interface TranslatedEvent {
  readonly type: string;
  readonly data: JsonObject;
}

export type Translation =
  /** At least one event, in order. */
  | { readonly kind: 'emitted'; readonly events: readonly TranslatedEvent[] }
  /** `DROPPED`: the mapping says so. `WHEN_FALSE`: none of its conditions held. */
  | { readonly kind: 'dropped'; readonly reason: Reason }
  /** `MAPPING_MISSING_VALUE`, `MAPPING_BAD_VALUE`, …: the message names the place in the mapping. */
  | { readonly kind: 'failed'; readonly reason: Reason };

export interface TranslationTrace {
  readonly mapping: string;
  readonly result: Translation;
  /** What was tried, in order. The last one is where a failed run stopped. */
  readonly emissions: readonly TracedEmission[];
}

export interface MappingParts extends Omit<Mapping, 'translate' | 'explain' | 'entries'> {
  readonly entries: ReadonlyMap<string, Entry>;
}

export function createMapping(parts: MappingParts): Mapping {
  const withDefaults = fillDefaults(parts.params);
  return {
    ...parts,
    translate: (scope) => translate(parts, withDefaults(scope), undefined),
    explain(scope) {
      const emissions: TracedEmission[] = [];
      return { mapping: parts.name, result: translate(parts, withDefaults(scope), emissions), emissions };
    },
  };
}

/** Where a run is: what it has emitted, and what is said of it. */
interface Progress {
  readonly events: TranslatedEvent[];
  dropped: Reason | undefined;
  readonly emissions: TracedEmission[] | undefined;
}

function translate(parts: MappingParts, scope: EventScope, emissions: TracedEmission[] | undefined): Translation {
  const found = parts.entries.get(scope.event.type) ?? parts.entries.get('*');
  if (!found) {
    const message = `mapping ${parts.name} has no entry for ${scope.event.type}`;
    return { kind: 'failed', reason: { code: 'MAPPING_NO_ENTRY', message } };
  }
  const progress: Progress = { events: [], dropped: undefined, emissions };
  try {
    runSteps(found.steps, { scope: scope as unknown as Run['scope'], meter: createMeter(), trace: null }, progress);
  } catch (error) {
    return { kind: 'failed', reason: reasonOf(placed(error, found.at), parts.name) };
  }
  if (progress.events.length > 0) return { kind: 'emitted', events: progress.events };
  const message = `mapping ${parts.name}: no emission of ${scope.event.type} applies to this event`;
  return { kind: 'dropped', reason: progress.dropped ?? { code: 'WHEN_FALSE', message } };
}

/** True where a drop has ended the list. */
function runSteps(steps: readonly Step[], run: Run, progress: Progress): boolean {
  for (const step of steps) {
    if (step.when && !applies(step, run, progress)) continue;
    if (step.kind === 'drop') {
      progress.dropped ??= { code: 'DROPPED', message: step.reason };
      if (!step.when) trace(step, progress, { held: true, fields: [], run });
      return true;
    }
    if (step.kind === 'each') {
      if (runLoop(step, run, progress)) return true;
      continue;
    }
    emit(step, run, progress);
  }
  return false;
}

function applies(step: Step, run: Run, progress: Progress): boolean {
  if (!step.when) return true;
  const held = holds(step.when, run, step.at);
  if (!held || step.kind === 'drop') trace(step, progress, { held, fields: [], run });
  return held;
}

function runLoop(step: Step & { kind: 'each' }, run: Run, progress: Progress): boolean {
  const items = step.items(run) ?? [];
  return overItems(run, items, step.name, () => runSteps(step.steps, run, progress));
}

function emit(step: Step & { kind: 'emit' }, run: Run, progress: Progress): void {
  if (!progress.emissions) {
    progress.events.push({ type: step.emit, data: step.data(run) as JsonObject });
    return;
  }
  const tracer = createTracer();
  const fields = tracer.fields;
  try {
    progress.events.push({ type: step.emit, data: step.data({ ...run, trace: tracer }) as JsonObject });
  } finally {
    trace(step, progress, { held: true, fields, run });
  }
}

function trace(
  step: Step,
  { emissions }: Progress,
  { held, fields, run }: { readonly held: boolean; readonly fields: TracedEmission['fields']; readonly run: Run },
): void {
  if (!emissions) return;
  const when = step.when && { held, steps: step.when.trace(run.scope) };
  emissions.push({ emit: step.kind === 'emit' ? step.emit : undefined, at: step.at, when, fields });
}

/** Adds the defaults of params that the configuration leaves out; the last result is kept, because `params` seldom changes. */
function fillDefaults(params: ReadonlyMap<string, MappingParam>): (scope: EventScope) => EventScope {
  const defaults: Record<string, Json> = {};
  for (const [name, param] of params) if (param.default !== undefined) defaults[name] = param.default;
  if (Object.keys(defaults).length === 0) return (scope) => scope;
  let given: JsonObject | undefined;
  let filled: JsonObject = defaults;
  return (scope) => {
    if (scope.params !== given) {
      given = scope.params;
      filled = { ...defaults, ...given };
    }
    return { ...scope, params: filled };
  };
}
