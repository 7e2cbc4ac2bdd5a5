/** Which events the list shows: by source, type, state, age, and by what stands in them. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { FormatList, Overview } from '../../../api-schema.ts';
import { useResource } from '../../api/use-resource.ts';
import { useWords } from '../../show/use-words.ts';

export const FILTERS = ['source', 'type', 'state', 'since', 'text'] as const;
export type FilterName = (typeof FILTERS)[number];
export type Filter = Readonly<Partial<Record<FilterName, string>>>;

const STATES = ['delivered', 'waiting', 'dead', 'dropped', 'expired', 'unmatched', 'ignored'] as const;
const AGES = ['15m', '1h', '24h', '7d'] as const;
const TYPING_MS = 300;

export interface EventFiltersProps {
  readonly filter: Filter;
  /** One of the choices was made: a step of the reader's. */
  readonly choose: (filter: Readonly<Record<string, string>>) => void;
  /** The search was typed, so far. */
  readonly type: (filter: Readonly<Record<string, string>>) => void;
}

export function EventFilters({ filter, choose, type }: EventFiltersProps) {
  const { t } = useWords();
  const { data: overview } = useResource<Overview>('/api/overview');
  const { data: formats } = useResource<FormatList>('/api/formats');
  const sources = overview?.flow.sources ?? [];
  const types = new Set(
    formats?.items
      .filter(({ name }) =>
        sources.some(({ format, name: source }) => format === name && (!filter.source || source === filter.source)),
      )
      .flatMap(({ events }) => events.map((event) => event.type)),
  );
  const set = (name: FilterName, value: string): void => choose({ ...filter, [name]: value });
  return (
    <search class="filters">
      <Choice label={t.events.source} value={filter.source} any={t.events.any} choose={(value) => set('source', value)}>
        {withCurrent(
          sources.map(({ name }) => name),
          filter.source,
        ).map((name) => [name, name])}
      </Choice>
      <Choice label={t.events.type} value={filter.type} any={t.events.any} choose={(value) => set('type', value)}>
        {withCurrent([...types], filter.type).map((name) => [name, name])}
      </Choice>
      <Choice label={t.events.state} value={filter.state} any={t.events.any} choose={(value) => set('state', value)}>
        {STATES.map((state) => [state, t.states[state]])}
      </Choice>
      <Choice label={t.events.age} value={filter.since} any={t.events.anyTime} choose={(value) => set('since', value)}>
        {withCurrent(AGES, filter.since).map((age) => [age, t.events.ages[age as (typeof AGES)[number]] ?? age])}
      </Choice>
      <Search value={filter.text ?? ''} change={(text) => type({ ...filter, text })} />
    </search>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly any: string;
  readonly choose: (value: string) => void;
  readonly children: readonly (readonly [value: string, label: string])[];
}

function Choice({ label, value = '', any, choose, children }: ChoiceProps) {
  return (
    <label class="field">
      {label}
      <select class="input" value={value} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{any}</option>
        {children.map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function Search({ value, change }: { readonly value: string; readonly change: (value: string) => void }) {
  const { t } = useWords();
  const [text, setText] = useState(value);
  /** What the address says as far as this field knows. Only another one takes the place of what is being typed. */
  const known = useRef(value);
  useEffect(() => {
    if (known.current === value) return;
    known.current = value;
    setText(value);
  }, [value]);
  useEffect(() => {
    if (text === known.current) return;
    const timer = setTimeout(() => {
      known.current = text;
      change(text);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <label class="field is-search">
      {t.events.text}
      <input
        class="input"
        type="search"
        data-search
        value={text}
        maxLength={200}
        placeholder={t.events.textHint}
        onInput={(event) => setText(event.currentTarget.value)}
      />
    </label>
  );
}

/** What the address names stays a choice, even where the configuration no longer has it. */
function withCurrent(names: readonly string[], current: string | undefined): readonly string[] {
  return current && !names.includes(current) ? [...names, current] : names;
}
