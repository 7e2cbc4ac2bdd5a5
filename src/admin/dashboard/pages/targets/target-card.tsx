/** One target: its state, its numbers, its last error, and the switches. */
import { useId, useState } from 'preact/hooks';
import type { PingResult, Target } from '../../../api-schema.ts';
import { ApiError, apiPath, call } from '../../api/client.ts';
import { hrefOf } from '../../location.ts';
import { Badge, type Tone } from '../../parts/badge.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Trouble } from '../../parts/notice.tsx';
import { Ago } from '../../parts/when.tsx';
import { useWords } from '../../show/use-words.ts';

export interface TargetCardProps {
  readonly target: Target;
  readonly isChosen: boolean;
  readonly changed: () => void;
}

type Act = 'pause' | 'resume' | 'ping';

export function TargetCard({ target, isChosen, changed }: TargetCardProps) {
  const { t } = useWords();
  const title = useId();
  const [busy, setBusy] = useState<Act | null>(null);
  const [error, setError] = useState<ApiError>();
  const [ping, setPing] = useState<PingResult>();
  const act = async (what: Act): Promise<void> => {
    setBusy(what);
    setError(undefined);
    try {
      const answer = await call<PingResult>(apiPath(['targets', target.name, what]), { method: 'POST' });
      if (what === 'ping') setPing(answer);
      else changed();
    } catch (caught) {
      setError(caught instanceof ApiError ? caught : new ApiError(0, 'DEFECT', String(caught)));
    } finally {
      setBusy(null);
    }
  };
  const canPause = target.state === 'running';
  const canResume = target.state !== 'running' || target.breaker !== 'closed';
  return (
    <section class={isChosen ? 'card target is-chosen' : 'card target'} aria-labelledby={title} {...chosen(isChosen)}>
      <header class="target-head">
        <div class="target-title">
          <h2 id={title}>{target.name}</h2>
          <p class="target-url">
            <span class="dim">{target.format}</span> {target.url}
          </p>
        </div>
        <Health target={target} />
      </header>
      <Figures target={target} />
      {target.last_error && (
        <p class="target-error">
          {target.last_error.message} <code>{target.last_error.code}</code>{' '}
          <span class="nowrap">
            <Ago at={target.last_error.at} />
          </span>
        </p>
      )}
      {error && <Trouble error={error} />}
      {ping && <PingLine ping={ping} />}
      <footer class="target-foot">
        {canResume && (
          <button
            type="button"
            class="button is-small"
            disabled={busy !== null || target.state === 'disabled'}
            onClick={() => act('resume')}
          >
            <Icon name="play" size={14} />
            {t.targets.resume}
          </button>
        )}
        {canPause && (
          <button type="button" class="button is-small" disabled={busy !== null} onClick={() => act('pause')}>
            <Icon name="pause" size={14} />
            {t.targets.pause}
          </button>
        )}
        <button type="button" class="button is-small" disabled={busy !== null} onClick={() => act('ping')}>
          <Icon name="pulse" size={14} />
          {busy === 'ping' ? t.targets.pinging : t.targets.ping}
        </button>
        {target.inspector && (
          <a class="button is-small" href={hrefOf('inspector', target.inspector)}>
            {t.targets.look}
          </a>
        )}
      </footer>
    </section>
  );
}

function Health({ target: { state, breaker, paused_until } }: { readonly target: Target }) {
  const { t } = useWords();
  const tone: Tone = state === 'stopped' || breaker !== 'closed' ? 'bad' : state === 'running' ? 'good' : 'warn';
  const word = state === 'running' && breaker !== 'closed' ? t.targets.breaker[breaker] : t.targets.states[state];
  return (
    <div class="target-health">
      <Badge tone={tone}>{word}</Badge>
      {paused_until && (
        <span class="dim small">
          {t.targets.until} <Ago at={paused_until} />
        </span>
      )}
    </div>
  );
}

function Figures({ target }: { readonly target: Target }) {
  const { t, count, time } = useWords();
  const { waiting, oldest_waiting_at, in_flight, concurrency, rate, rate_limit, last_hour } = target;
  return (
    <dl class="target-figures">
      <Figure
        name={t.targets.waiting}
        isWarned={waiting > 0}
        note={
          oldest_waiting_at && (
            <>
              {t.targets.oldest} <Ago at={oldest_waiting_at} />
            </>
          )
        }
      >
        {count(waiting)}
      </Figure>
      <Figure name={t.targets.underWay} note={t.targets.ofAtMost(count(concurrency))}>
        {count(in_flight)}
      </Figure>
      <Figure
        name={t.targets.rate}
        note={rate_limit && t.targets.limit(String(rate_limit.count), time.duration(rate_limit.per_ms))}
      >
        {`${rate.toFixed(rate < 10 ? 1 : 0).replace(/\.0$/, '')}/s`}
      </Figure>
      <Figure name={t.targets.delivered} note={t.targets.inAnHour}>
        {count(last_hour.delivered)}
      </Figure>
      <Figure
        name={t.targets.failed}
        isBad={last_hour.failed + last_hour.dead > 0}
        note={last_hour.dead > 0 && t.targets.died(count(last_hour.dead))}
      >
        {count(last_hour.failed)}
      </Figure>
    </dl>
  );
}

interface FigureProps {
  readonly name: string;
  readonly children: string;
  readonly note?: preact.ComponentChildren;
  readonly isBad?: boolean;
  readonly isWarned?: boolean;
}

function Figure({ name, children, note, isBad = false, isWarned = false }: FigureProps) {
  return (
    <div class="target-figure">
      <dt>{name}</dt>
      <dd class={isBad ? 'is-bad' : isWarned ? 'is-warned' : ''}>
        {children}
        {note && <small>{note}</small>}
      </dd>
    </div>
  );
}

function PingLine({ ping: { reached, status, duration_ms, error, method } }: { readonly ping: PingResult }) {
  const { t, time } = useWords();
  return (
    <p class={reached ? 'target-ping' : 'target-ping is-bad'} role="status">
      {reached
        ? t.targets.reached(method, String(status), time.duration(duration_ms))
        : (error?.message ?? t.targets.notReached)}
      {error && <code> {error.code}</code>}
    </p>
  );
}

function chosen(isChosen: boolean): Readonly<Record<string, string>> {
  return isChosen ? { 'data-chosen': '' } : {};
}
