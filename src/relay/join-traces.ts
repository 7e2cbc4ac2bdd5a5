/** Joins OpenTelemetry traces to the stages where the environment names a collector; without one, nothing of them is loaded, read or sent. */
import type { DispatcherPorts } from '../deliver/ports.ts';
import type { Clock } from '../kit/clock.ts';
import { eventIdOfDelivery } from '../kit/ids.ts';
import type { Happenings } from '../observe/happenings.ts';
import { readTraceSettings } from '../observe/trace-settings.ts';
import type { Arrival, Saved } from '../stores/store.ts';
import type { Witness } from './witness.ts';

export interface Traces extends Pick<Witness, 'watch'>, Pick<DispatcherPorts, 'traced'> {
  /** Saves, and notes how long that took. */
  saving(save: (arrival: Arrival) => Promise<Saved>): (arrival: Arrival) => Promise<Saved>;
  stop(): Promise<void>;
}

export interface TracePorts {
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly version: string;
  failed(reason: string): void;
}

const NO_TRACES: Traces = { watch: (happenings) => happenings, saving: (save) => save, stop: async () => undefined };

export async function joinTraces({ env, ...ports }: TracePorts): Promise<Traces> {
  const settings = readTraceSettings(env, ports.failed);
  if (!settings) return NO_TRACES;
  const { clock } = ports;
  const { attemptSpan, attemptSpanId, receiveSpans } = await import('../observe/spans.ts');
  const { contextHeaders, contextOf, keptTrace } = await import('../observe/trace-context.ts');
  const { createTraceExport } = await import('../observe/trace-export.ts');
  const traces = createTraceExport({ ...ports, settings });
  const { propagates } = settings;
  const contextFor = (event: string, headers: Readonly<Record<string, string>>) =>
    contextOf(event, propagates ? headers : {});

  return {
    watch: (happenings): Happenings => ({
      ...happenings,
      deliveryAttempted(facts) {
        happenings.deliveryAttempted(facts);
        const event = eventIdOfDelivery(facts.delivery) ?? '';
        const traceId = keptTrace(facts.traceparent);
        if (traceId !== undefined) traces.add(attemptSpan({ ...facts, traceId, event, endMs: clock.now() }));
      },
    }),
    traced({ event, headers, delivery, attempt }) {
      const context = contextFor(event, headers);
      const spanId = attemptSpanId(delivery, attempt);
      const told = contextHeaders(context, { spanId, isKept: traces.keeps(context) });
      return { traceparent: told.traceparent, headers: propagates ? told : {} };
    },
    saving: (save) => async (arrival) => {
      const savingMs = clock.now();
      const saved = await save(arrival);
      if (saved.kind !== 'saved') return saved;
      const { id, source, type, receivedAt: receivedMs, request } = arrival.event;
      const context = contextFor(id, request.headers);
      if (!traces.keeps(context)) return saved;
      const facts = { context, id, source, type, receivedMs, savingMs, savedMs: clock.now() };
      for (const span of receiveSpans({ ...facts, deliveries: arrival.deliveries.length })) traces.add(span);
      return saved;
    },
    stop: () => traces.stop(),
  };
}
