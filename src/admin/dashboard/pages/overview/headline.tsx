/** How it is, in one sentence: the worst that is the case, each with the way to it. */
import type { Overview } from '../../../api-schema.ts';
import { hrefOf } from '../../location.ts';
import { Ago } from '../../parts/when.tsx';
import { useWords, type Words } from '../../show/use-words.ts';

interface Matter {
  readonly text: string;
  readonly href: string | null;
  readonly isBad: boolean;
}

export function Headline({ overview }: { readonly overview: Overview | undefined }) {
  const words = useWords();
  const { t } = words;
  if (!overview) return <Frame title={t.overview.looking} tone="calm" />;
  const matters = mattersOf(overview, words);
  const worst = matters.some(({ isBad }) => isBad) ? 'bad' : matters.length > 0 ? 'warn' : 'good';
  const title = worst === 'good' ? t.overview.allWell : worst === 'warn' ? t.overview.someWait : t.overview.needsYou;
  const last = lastEventAt(overview);
  return (
    <Frame title={title} tone={worst}>
      {matters.length > 0 && (
        <ul class="matters">
          {matters.map(({ text, href, isBad }) => (
            <li key={text} class={isBad ? 'matter is-bad' : 'matter'}>
              {href ? <a href={href}>{text}</a> : text}
            </li>
          ))}
        </ul>
      )}
      <p class="headline-note">
        {last ? (
          <>
            {t.overview.lastEvent} <Ago at={last} />
          </>
        ) : (
          t.overview.noEventYet
        )}
        <span class="sep">·</span>
        {t.overview.upSince} <Ago at={overview.relay.started_at} />
        <span class="sep">·</span>
        <span class="nowrap">
          {overview.relay.store}, v{overview.relay.version}
        </span>
      </p>
    </Frame>
  );
}

function Frame({ title, tone, children }: { title: string; tone: string; children?: preact.ComponentChildren }) {
  return (
    <header class="headline">
      <h1>
        <span class={`headline-dot is-${tone}`} aria-hidden="true" />
        {title}
      </h1>
      {children}
    </header>
  );
}

function mattersOf(overview: Overview, { t, count, time }: Words): Matter[] {
  const { relay, alarms, dead, waiting, waiting_for_gone: gone, flow, ledger } = overview;
  const areOthers = waiting.deliveries > gone.reduce((sum, one) => sum + one.waiting, 0);
  const stuck = flow.targets.filter(({ state, breaker }) => state === 'stopped' || breaker !== 'closed');
  const paused = flow.targets.filter(({ state }) => state === 'paused');
  const oldestMs = waiting.oldest_at ? new Date(relay.now).getTime() - new Date(waiting.oldest_at).getTime() : 0;
  return [
    ...relay.problems.map((text) => ({ text, href: null, isBad: true })),
    ...ledger.problems.map((text) => ({ text, href: null, isBad: true })),
    ...alarms.map(({ message }) => ({ text: message, href: null, isBad: true })),
    ...stuck.map(({ name, state }) => ({
      text: state === 'stopped' ? t.overview.targetGone(name) : t.overview.breakerOpen(name),
      href: hrefOf('targets', name),
      isBad: true,
    })),
    ...gone.map((one) => ({
      text: t.overview.waitingForGone(count(one.waiting), one.target),
      href: hrefOf('events', null, { state: 'waiting' }),
      isBad: true,
    })),
    ...(dead > 0
      ? [{ text: t.overview.deadLetters(count(dead)), href: hrefOf('events', null, { state: 'dead' }), isBad: true }]
      : []),
    ...paused.map(({ name }) => ({ text: t.overview.targetPaused(name), href: hrefOf('targets', name), isBad: false })),
    ...(oldestMs > 60_000 && areOthers
      ? [
          {
            text: t.overview.waitingLong(count(waiting.deliveries), time.duration(oldestMs)),
            href: hrefOf('events', null, { state: 'waiting' }),
            isBad: false,
          },
        ]
      : []),
  ];
}

function lastEventAt({ flow }: Overview): string | undefined {
  return flow.sources
    .map(({ last_event_at }) => last_event_at)
    .filter((at) => at !== null)
    .toSorted()
    .at(-1);
}
