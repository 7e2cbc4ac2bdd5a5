/** Joins OpenTelemetry traces to the stages where the environment names a collector; without one, nothing of them is loaded. */
import type { Clock } from '../kit/clock.ts';
import { eventIdOfDelivery } from '../kit/ids.ts';
import type { Happenings } from '../observe/happenings.ts';
import { readTraceSettings } from '../observe/trace-settings.ts';
import type { Arrival, Saved } from '../stores/store.ts';
import type { Witness } from './witness.ts';

export interface Traces extends Pick<Witness, 'watch'> {
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
  const { attemptSpan, receiveSpans } = await import('../observe/spans.ts');
  const { createTraceExport } = await import('../observe/trace-export.ts');
  const traces = createTraceExport({ ...ports, settings });

  return {
    watch: (happenings): Happenings => ({
      ...happenings,
      deliveryAttempted(facts) {
        happenings.deliveryAttempted(facts);
        const event = eventIdOfDelivery(facts.delivery) ?? '';
        const span = attemptSpan({ ...facts, event, endMs: clock.now() });
        if (traces.keeps(span.traceId)) traces.add(span);
      },
    }),
    saving: (save) => async (arrival) => {
      const savingMs = clock.now();
      const saved = await save(arrival);
      if (saved.kind !== 'saved') return saved;
      const { id, source, type, receivedAt: receivedMs } = arrival.event;
      const facts = { id, source, type, receivedMs, savingMs, savedMs: clock.now() };
      const [receive, store] = receiveSpans({ ...facts, deliveries: arrival.deliveries.length });
      if (traces.keeps(receive.traceId)) {
        traces.add(receive);
        traces.add(store);
      }
      return saved;
    },
    stop: () => traces.stop(),
  };
}
