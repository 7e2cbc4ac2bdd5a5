/** Curves over time, drawn by uPlot in the page's colours; a sentence says the same to who cannot see them. */
import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useSettings } from '../settings.tsx';

export interface Curve {
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** What the legend says while nobody points at a moment: a sum, or the last value. */
  readonly atRest: string;
  /** A custom property of the page: `--accent`. */
  readonly colour: '--accent' | '--bad' | '--warn' | '--dim';
  readonly isFilled?: boolean;
}

export interface ChartProps {
  /** Epoch seconds. */
  readonly times: readonly number[];
  readonly curves: readonly Curve[];
  readonly summary: string;
  /** A value as its reader sees it. */
  readonly show: (value: number) => string;
  /** Where a value is often ten times another: each power of ten as high as the next. */
  readonly isLogarithmic?: boolean;
}

const HEIGHT = 132;
/** What a chart shows at least, in seconds: a relay that has just started fills it from the right. */
const LEAST_SPAN_S = 600;
/** So few values are shown as points, because a line needs two neighbours. */
const SPARSE = 3;

export function Chart({ times, curves, summary, show, isLogarithmic = false }: ChartProps) {
  const { isDark, language } = useSettings();
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const [at, setAt] = useState<number | null>(null);
  const shape = curves.map(({ label }) => label).join();

  // The data follows in the next effect.
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const made = new uPlot(
      optionsOf({ element, curves, show, language, isLogarithmic, look: setAt }),
      dataOf(times, curves),
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [isDark, language, shape]);
  useEffect(() => plot.current?.setData(dataOf(times, curves)), [times, curves]);

  return (
    <div class="chart">
      <ul class="chart-legend" aria-hidden="true">
        {curves.map(({ label, colour, values, atRest }) => {
          const value = at === null ? null : values[at];
          return (
            <li key={label} class={`chart-key has${colour.slice(1)}`}>
              <span>{label}</span>
              <b>{at === null ? atRest : value == null ? '–' : show(value)}</b>
            </li>
          );
        })}
        {at !== null && times[at] !== undefined && (
          <li class="chart-at">
            {new Date((times[at] ?? 0) * 1000).toLocaleTimeString(language === 'zh' ? 'zh-CN' : 'en-GB', {
              hour: '2-digit',
              minute: '2-digit',
            })}
          </li>
        )}
      </ul>
      <div ref={frame} class="chart-frame" role="img" aria-label={summary} />
    </div>
  );
}

/** From the first value to the last; uPlot's own bounds would show a day around a single one. */
function spanOf(plot: uPlot): [number, number] {
  const [times = []] = plot.data;
  const last = times.at(-1) ?? Date.now() / 1000;
  return [Math.min(times[0] ?? last, last - LEAST_SPAN_S), last];
}

const LINEAR: uPlot.Scale = { range: (_, __, most) => [0, Math.max((most ?? 0) * 1.1, 1)] };
const LOGARITHMIC: uPlot.Scale = {
  distr: 3,
  range: (_, least, most) => [
    10 ** Math.floor(Math.log10(Math.max(least ?? 1, 0.1))),
    10 ** Math.ceil(Math.log10(Math.max(most ?? 1, 0.1) * 1.01)),
  ],
};

function dataOf(times: readonly number[], curves: readonly Curve[]): uPlot.AlignedData {
  return [[...times], ...curves.map(({ values }) => [...values])] as uPlot.AlignedData;
}

interface OptionsInput extends Pick<ChartProps, 'curves' | 'show'> {
  readonly element: HTMLElement;
  readonly language: string;
  readonly isLogarithmic: boolean;
  look(index: number | null): void;
}

function optionsOf({ element, curves, show, language, isLogarithmic, look }: OptionsInput): uPlot.Options {
  const colour = colourReader(element);
  const line = colour('--line');
  const text = colour('--dim');
  const font = '11px system-ui, sans-serif';
  const hour = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { hour: '2-digit', minute: '2-digit' });
  return {
    width: element.clientWidth,
    height: HEIGHT,
    padding: [8, 4, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { size: 7 } },
    scales: {
      x: { time: true, range: spanOf },
      y: isLogarithmic ? LOGARITHMIC : LINEAR,
    },
    axes: [
      {
        stroke: text,
        font,
        size: 24,
        space: 70,
        grid: { show: false },
        ticks: { show: false },
        values: (_, splits) => splits.map((second) => hour.format(new Date(second * 1000))),
      },
      {
        stroke: text,
        font,
        size: 48,
        space: 34,
        grid: {
          stroke: line,
          width: 1,
          filter: (_, splits) => splits.map((value) => (isRound(value, isLogarithmic) ? value : null)),
        },
        ticks: { show: false },
        values: (_, splits) => splits.map((value) => (isRound(value, isLogarithmic) ? show(value) : '')),
      },
    ],
    series: [
      {},
      ...curves.map((curve) => ({
        label: curve.label,
        stroke: colour(curve.colour),
        width: 1.5,
        spanGaps: true,
        points: { show: (plot: uPlot, index: number) => isSparse(plot.data[index] ?? []), size: 5 },
        ...(curve.isFilled ? { fill: `color-mix(in srgb, ${colour(curve.colour)} 14%, transparent)` } : {}),
      })),
    ],
    hooks: { setCursor: [(made) => look(made.cursor.idx ?? null)] },
  };
}

function isRound(value: number, isLogarithmic: boolean): boolean {
  return isLogarithmic ? Number.isInteger(Math.round(Math.log10(value) * 1e6) / 1e6) : Number.isInteger(value);
}

function isSparse(values: Iterable<number | null | undefined>): boolean {
  return [...values].filter((value) => value != null).length < SPARSE;
}

/** A canvas knows no custom properties, so an element is asked what they come to. */
function colourReader(element: HTMLElement): (name: string) => string {
  return (name) => {
    const probe = document.createElement('i');
    probe.style.color = `var(${name})`;
    element.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  };
}
