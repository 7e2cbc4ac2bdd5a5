/** A state in a word and a colour; the word alone says it too. */
import type { DeliveryState, EventState } from '../../api-schema.ts';
import { useWords } from '../show/use-words.ts';

export type Tone = 'good' | 'bad' | 'warn' | 'calm';

const TONES: Readonly<Record<DeliveryState | EventState, Tone>> = {
  delivered: 'good',
  accepted: 'good',
  waiting: 'warn',
  dead: 'bad',
  expired: 'bad',
  dropped: 'calm',
  unmatched: 'calm',
  ignored: 'calm',
};

export function Badge({ tone, children }: { readonly tone: Tone; readonly children: string }) {
  return <span class={`badge is-${tone}`}>{children}</span>;
}

export function StateBadge({
  state,
  count,
}: {
  readonly state: DeliveryState | EventState;
  readonly count?: number | undefined;
}) {
  const words = useWords();
  const times = count !== undefined && count > 1 ? ` ×${words.count(count)}` : '';
  return <Badge tone={TONES[state] ?? 'calm'}>{`${words.t.states[state] ?? state}${times}`}</Badge>;
}
