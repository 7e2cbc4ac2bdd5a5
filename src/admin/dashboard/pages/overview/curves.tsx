/** The last hour in three pictures: how much, how fast, and what went wrong. */
import { useMemo } from 'preact/hooks';
import type { Series } from '../../../api-schema.ts';
import { Card } from '../../parts/card.tsx';
import { Chart } from '../../parts/chart.tsx';
import { Skeleton } from '../../parts/notice.tsx';
import { rate } from '../../show/number.ts';
import { useWords } from '../../show/use-words.ts';

export interface CurvesProps {
  readonly series: Series | undefined;
  /** A note, with whose traffic it is where that is in question. */
  readonly ofWhom: (note: string) => string;
}

export function Curves({ series, ofWhom }: CurvesProps) {
  const { t, time, count } = useWords();
  const times = useMemo(() => (series ? timesOf(series).slice(0, wholeSteps(series).accepted.length) : []), [series]);
  const shown = useMemo(() => (series ? wholeSteps(series) : NOTHING), [series]);
  const sum = (values: readonly (number | null)[]): string =>
    count(values.reduce<number>((total, value) => total + (value ?? 0), 0));
  if (!series)
    return (
      <div class="trio">
        {[t.overview.throughput, t.overview.latency, t.overview.failures].map((title) => (
          <Card key={title} title={title} class="chart-card">
            <Skeleton lines={4} />
          </Card>
        ))}
      </div>
    );
  return (
    <div class="trio">
      <Card title={t.overview.throughput} note={ofWhom(t.overview.lastHour)} class="chart-card">
        <Chart
          times={times}
          show={rate}
          summary={t.overview.throughputSummary(sum(shown.accepted), sum(shown.delivered))}
          curves={[
            { label: t.overview.accepted, values: shown.accepted, atRest: sum(shown.accepted), colour: '--dim' },
            {
              label: t.overview.delivered,
              values: shown.delivered,
              atRest: sum(shown.delivered),
              colour: '--accent',
              isFilled: true,
            },
          ]}
        />
      </Card>
      <Card title={t.overview.latency} note={ofWhom(t.overview.latencyNote)} class="chart-card">
        <Chart
          times={times}
          show={time.duration}
          isLogarithmic
          summary={t.overview.latencySummary(
            lastOf(shown.latency_p50_ms, time.duration),
            lastOf(shown.latency_p95_ms, time.duration),
          )}
          curves={[
            {
              label: t.overview.p95,
              values: shown.latency_p95_ms,
              atRest: lastOf(shown.latency_p95_ms, time.duration),
              colour: '--dim',
            },
            {
              label: t.overview.median,
              values: shown.latency_p50_ms,
              atRest: lastOf(shown.latency_p50_ms, time.duration),
              colour: '--accent',
              isFilled: true,
            },
          ]}
        />
      </Card>
      <Card title={t.overview.failures} note={ofWhom(t.overview.lastHour)} class="chart-card">
        <Chart
          times={times}
          show={rate}
          summary={t.overview.failuresSummary(sum(shown.failed), sum(shown.dead), sum(shown.refused))}
          curves={[
            { label: t.overview.refused, values: shown.refused, atRest: sum(shown.refused), colour: '--dim' },
            { label: t.overview.failedTries, values: shown.failed, atRest: sum(shown.failed), colour: '--warn' },
            { label: t.overview.dead, values: shown.dead, atRest: sum(shown.dead), colour: '--bad', isFilled: true },
          ]}
        />
      </Card>
    </div>
  );
}

const NOTHING: Pick<
  Series,
  'accepted' | 'delivered' | 'refused' | 'failed' | 'dead' | 'latency_p50_ms' | 'latency_p95_ms'
> = { accepted: [], delivered: [], refused: [], failed: [], dead: [], latency_p50_ms: [], latency_p95_ms: [] };

/** Without the step that is still under way, which would look like a fall; unless it is all there is. */
function wholeSteps(series: Series): typeof NOTHING {
  const end = series.accepted.length > 2 ? -1 : undefined;
  const cut = <T,>(values: readonly T[]): readonly T[] => values.slice(0, end);
  return {
    accepted: cut(series.accepted),
    delivered: cut(series.delivered),
    refused: cut(series.refused),
    failed: cut(series.failed),
    dead: cut(series.dead),
    latency_p50_ms: cut(series.latency_p50_ms),
    latency_p95_ms: cut(series.latency_p95_ms),
  };
}

function timesOf({ from, step_seconds, accepted }: Series): number[] {
  const start = new Date(from).getTime() / 1000;
  return accepted.map((_, index) => start + index * step_seconds);
}

function lastOf(values: readonly (number | null)[], show: (value: number) => string): string {
  const last = values.findLast((value) => value !== null);
  return last === undefined || last === null ? '–' : show(last);
}
