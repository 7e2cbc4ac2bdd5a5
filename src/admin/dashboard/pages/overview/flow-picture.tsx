/** The flow as it is now: sources, rules and targets, joined by lines as thick as their traffic, red where it fails. */
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Flow, Overview } from '../../../api-schema.ts';
import { hrefOf } from '../../location.ts';
import { Empty } from '../../parts/notice.tsx';
import { SendHint } from '../../parts/send-hint.tsx';
import { rate } from '../../show/number.ts';
import { useWords } from '../../show/use-words.ts';
import { type Anchors, connectedTo, drawLinks } from './flow-geometry.ts';
import { FlowNode } from './flow-node.tsx';

export function FlowPicture({ overview }: { readonly overview: Overview }) {
  const { flow } = overview;
  const { t } = useWords();
  const frame = useRef<HTMLDivElement>(null);
  const [anchors, size] = useAnchors(frame, flow);
  const [place, setPlace] = useState<string | null>(null);
  const links = useMemo(() => drawLinks(withFailingRules(flow), anchors), [flow, anchors]);
  const near = useMemo(() => (place === null ? null : connectedTo(place, flow.links)), [place, flow.links]);
  const groups = extraTargets(flow);
  const nodeProps = (key: string) => ({ nodeKey: key, isFar: near !== null && !near.has(key), look: setPlace });
  if (flow.rules.length === 0) return <Empty title={t.overview.noRules}>{t.overview.noRulesText}</Empty>;
  const isQuiet = overview.ledger.accepted === 0 && flow.sources.every(({ last_event_at }) => last_event_at === null);
  return (
    <div class="flow" ref={frame}>
      <svg class="flow-lines" width={size.width} height={size.height} aria-hidden="true">
        {links.map(({ key, link, path, width, tone }) => {
          const isFar = near !== null && !(near.has(link.from) && near.has(link.to));
          return (
            <g key={key} class={`flow-line is-${tone}${isFar ? ' is-far' : ''}`}>
              <path d={path} stroke-width={width} />
              {tone !== 'idle' && <path class="flow-pulse" d={path} stroke-width={Math.max(1.5, width * 0.4)} />}
            </g>
          );
        })}
      </svg>
      <Column title={t.overview.sources}>
        {flow.sources.map((source) => (
          <FlowNode
            key={source.name}
            {...nodeProps(`source/${source.name}`)}
            name={source.name}
            kind={source.format}
            href={hrefOf('events', null, { source: source.name })}
            rate={source.enabled ? t.overview.perMinute(rate(source.accepted)) : t.overview.off}
            trouble={source.refused > 0 ? t.overview.refusedRate(rate(source.refused)) : null}
          />
        ))}
      </Column>
      <Column title={t.overview.rules}>
        {flow.rules.map((rule) => (
          <FlowNode
            key={rule.name}
            {...nodeProps(`rule/${rule.name}`)}
            name={rule.name}
            href={null}
            rate={rule.enabled ? t.overview.perMinute(rate(rule.matched)) : t.overview.off}
            trouble={rule.failed > 0 ? t.overview.failedRate(rate(rule.failed)) : null}
          />
        ))}
      </Column>
      <Column title={t.overview.targets}>
        {flow.targets.map((target) => (
          <FlowNode
            key={target.name}
            {...nodeProps(`target/${target.name}`)}
            name={target.name}
            kind={target.format}
            href={hrefOf('targets', target.name)}
            rate={
              target.state === 'running' ? t.overview.perMinute(rate(target.delivered)) : t.targets.states[target.state]
            }
            trouble={
              target.breaker !== 'closed'
                ? t.targets.breaker[target.breaker]
                : target.failed > 0
                  ? t.overview.failedRate(rate(target.failed))
                  : null
            }
            waiting={target.waiting}
          />
        ))}
        {groups.map((name) => (
          <FlowNode key={name} {...nodeProps(`target/${name}`)} name={name} href={null} rate="" trouble={null} />
        ))}
      </Column>
      {isQuiet && (
        <p class="flow-quiet">
          {t.overview.sendFirst} <SendHint overview={overview} />
        </p>
      )}
    </div>
  );
}

function Column({ title, children }: { readonly title: string; readonly children: preact.ComponentChildren }) {
  return (
    <div class="flow-column">
      <h3>{title}</h3>
      <ul class="flow-nodes" aria-label={title}>
        {children}
      </ul>
    </div>
  );
}

/** What lines lead to without being a target itself: the group of all subscribers. */
function extraTargets({ links, targets }: Flow): string[] {
  const known = new Set(targets.map(({ name }) => `target/${name}`));
  const ends = links.map(({ to }) => to).filter((to) => to.startsWith('target/') && !known.has(to));
  return [...new Set(ends)].map((end) => end.slice('target/'.length));
}

/** A rule whose deliveries die before anything is sent fails on its way to its targets, though they know nothing of it. */
function withFailingRules({ links, rules }: Flow): Flow['links'] {
  const failing = new Map(rules.filter(({ failed }) => failed > 0).map(({ name, failed }) => [`rule/${name}`, failed]));
  const known = new Set(links.filter(({ failed }) => failed > 0).map(({ from }) => from));
  return links.map((link) =>
    known.has(link.from) ? link : { ...link, failed: link.failed || (failing.get(link.from) ?? 0) },
  );
}

/** Where the nodes stand, measured again when they or the window change. */
function useAnchors(frame: { readonly current: HTMLDivElement | null }, flow: Flow) {
  const [state, setState] = useState<[ReadonlyMap<string, Anchors>, { width: number; height: number }]>([
    new Map(),
    { width: 0, height: 0 },
  ]);
  const shape = `${flow.sources.length} ${flow.rules.length} ${flow.targets.length}`;
  // Nodes move when their number changes.
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = (): void => {
      const outer = element.getBoundingClientRect();
      const found = new Map<string, Anchors>();
      for (const node of element.querySelectorAll<HTMLElement>('[data-node]')) {
        const box = node.getBoundingClientRect();
        const y = box.top - outer.top + box.height / 2;
        found.set(node.dataset.node ?? '', {
          left: { x: box.left - outer.left, y },
          right: { x: box.right - outer.left, y },
        });
      }
      setState([found, { width: outer.width, height: outer.height }]);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    for (const node of element.querySelectorAll('[data-node]')) observer.observe(node);
    return () => observer.disconnect();
  }, [frame, shape]);
  return state;
}
