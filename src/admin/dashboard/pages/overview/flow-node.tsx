/** One place of the flow picture: a source, a rule or a target. */
import { useWords } from '../../show/use-words.ts';

export interface FlowNodeProps {
  readonly nodeKey: string;
  readonly name: string;
  readonly kind?: string;
  /** Where it leads, or null. */
  readonly href: string | null;
  readonly rate: string;
  readonly trouble: string | null;
  readonly waiting?: number;
  /** True while another place is looked at that this one has nothing to do with. */
  readonly isFar: boolean;
  look(nodeKey: string | null): void;
}

export function FlowNode(props: FlowNodeProps) {
  const { t, count } = useWords();
  const { nodeKey, name, kind, href, isFar, look, trouble, waiting = 0 } = props;
  const marks = `flow-node${trouble ? ' is-failing' : ''}${isFar ? ' is-far' : ''}`;
  const inside = (
    <>
      <span class="flow-title">
        <span class="flow-name">{name}</span> {kind && kind !== name && <span class="flow-kind">{kind}</span>}
      </span>
      <span class="flow-rate">{props.rate}</span>
      {trouble && <span class="flow-trouble">{trouble}</span>}
      {waiting > 0 && <span class="flow-waiting">{t.overview.waitingCount(count(waiting))}</span>}
    </>
  );
  return (
    <li onMouseEnter={() => look(nodeKey)} onMouseLeave={() => look(null)}>
      {href === null ? (
        <div class={marks} data-node={nodeKey}>
          {inside}
        </div>
      ) : (
        <a class={marks} data-node={nodeKey} href={href} onFocus={() => look(nodeKey)} onBlur={() => look(null)}>
          {inside}
        </a>
      )}
    </li>
  );
}
