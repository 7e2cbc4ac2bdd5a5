/** What is tried in the playground: the mapping, its text as it is edited, the event and the parameters. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type {
  EventDetail,
  Format,
  FormatList,
  Mapping,
  MappingDetail,
  MappingList,
  Sample,
  TranslateRequest,
} from '../../../api-schema.ts';
import { type ApiError, apiPath } from '../../api/client.ts';
import { useResource } from '../../api/use-resource.ts';
import { readAs } from './read-as.ts';

export interface NamedSample extends Sample {
  /** `clip.generated/v2.16` */
  readonly key: string;
}

/** The request that stands for an event. */
export interface Payload {
  readonly method: string;
  readonly search: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Playground {
  readonly error: ApiError | undefined;
  readonly mappings: readonly Mapping[] | undefined;
  /** The chosen mapping's name, once there is one to choose. */
  readonly mapping: string | undefined;
  readonly detail: MappingDetail | undefined;
  readonly text: string;
  /** Counts how often the text was put back: an editor begins anew with each. */
  readonly revision: number;
  readonly samples: readonly NamedSample[];
  /** The chosen sample, or null where the payload was edited or came from a stored event. */
  readonly sample: string | null;
  /** Whether the payload is that of the stored event, unedited. */
  readonly isStored: boolean;
  readonly payload: Payload;
  readonly params: Readonly<Record<string, string>>;
  /** What is to be translated; null until everything is there. */
  readonly request: TranslateRequest | null;
  reload(): void;
  choose(mapping: string): void;
  setText(text: string): void;
  /** Back to the text of the file. */
  restore(): void;
  chooseSample(key: string): void;
  setPayload(payload: Partial<Payload>): void;
  setParam(name: string, value: string): void;
}

const NO_PAYLOAD: Payload = { method: 'POST', search: '', body: '', headers: {} };

/** `mapping`, `event`, `source` and `target` of the address choose what it begins with. */
export function usePlayground(query: URLSearchParams): Playground {
  const list = useResource<MappingList>('/api/mappings');
  const formats = useResource<FormatList>('/api/formats');
  const eventId = query.get('event');
  const stored = useResource<EventDetail>(eventId ? apiPath(['events', eventId]) : null);
  const [chosen, setChosen] = useState<string | null>(query.get('mapping'));
  const mappings = list.data?.items;
  const format = stored.data?.event.format;
  const isLooking = eventId !== null && !stored.data && !stored.error;
  const mapping = isLooking ? undefined : firstMapping(mappings, { chosen, format });
  const one = useResource<MappingDetail>(mapping ? apiPath(['mappings', mapping]) : null);
  const detail = one.data?.name === mapping ? one.data : undefined;
  const [revision, setRevision] = useState(0);
  const [edited, setEdited] = useState<{ mapping: string; text: string } | null>(null);
  const text = edited && edited.mapping === mapping ? edited.text : (detail?.text ?? '');
  const samples = useMemo(() => samplesOf(formats.data?.items, detail?.from), [formats.data, detail?.from]);
  const [sample, setSample] = useState<string | null>(null);
  const [payload, setPayload] = useState<Payload>(NO_PAYLOAD);
  /** The stored event whose payload it still is. */
  const [storedId, setStoredId] = useState<string | null>(null);
  const [params, setParams] = useState<Readonly<Record<string, string>>>({});

  const take = (key: string): void => {
    const found = samples.find((one) => one.key === key);
    if (!found) return;
    setSample(key);
    setStoredId(null);
    setPayload({ method: found.method, search: found.search, body: pretty(found.body ?? ''), headers: found.headers });
  };
  // Another format begins with its first sample.
  useEffect(() => {
    if (stored.data && stored.data.event.format === detail?.from) {
      const { method, search, body, headers } = stored.data.request;
      setSample(null);
      setStoredId(stored.data.event.id);
      setPayload({ method, search, body: pretty(body.text ?? ''), headers });
    } else if (samples[0]) take(firstUseful(samples, detail));
  }, [samples, stored.data]);

  const isStored = storedId !== null && format === detail?.from;
  const isReady = detail !== undefined && (isStored || payload.body !== '' || payload.search !== '');
  const { source, target } = readAs({ query, stored: stored.data, mappings, detail });
  const request = useMemo<TranslateRequest | null>(
    () =>
      isReady
        ? {
            from: detail.from,
            to: detail.to,
            mapping: detail.name,
            ...(text === detail.text ? {} : { mapping_text: text }),
            event: isStored ? { id: storedId } : { ...payload, headers: { ...payload.headers } },
            params: givenParams(params),
            ...(source === undefined ? {} : { source }),
            ...(target === undefined ? {} : { target }),
          }
        : null,
    [isReady, detail, text, payload, isStored, storedId, params, source, target],
  );
  return {
    error: list.error ?? formats.error ?? one.error,
    mappings,
    mapping,
    detail,
    text,
    revision,
    samples,
    sample,
    isStored,
    payload,
    params,
    request,
    reload: one.reload,
    choose: (name) => {
      setChosen(name);
      setEdited(null);
    },
    setText: (next) => mapping && setEdited({ mapping, text: next }),
    restore: () => {
      setEdited(null);
      setRevision((before) => before + 1);
    },
    chooseSample: take,
    setPayload: (change) => {
      setSample(null);
      setStoredId(null);
      setPayload((before) => ({ ...before, ...change }));
    },
    setParam: (name, value) => setParams((before) => ({ ...before, [name]: value })),
  };
}

/** The one that was chosen; else one that rules use, for the format of the event that was brought along. */
function firstMapping(
  mappings: readonly Mapping[] | undefined,
  wanted: { readonly chosen: string | null; readonly format: string | undefined },
): string | undefined {
  const fitting = mappings?.filter(({ from }) => wanted.format === undefined || from === wanted.format) ?? [];
  const found =
    mappings?.find(({ name }) => name === wanted.chosen) ??
    fitting.find(({ used_by }) => used_by.length > 0) ??
    fitting[0] ??
    mappings?.[0];
  return found?.name;
}

function samplesOf(formats: readonly Format[] | undefined, from: string | undefined): NamedSample[] {
  const format = formats?.find(({ name }) => name === from);
  return (format?.events ?? []).flatMap(({ type, samples }) =>
    samples.map((sample) => ({ ...sample, key: `${type}/${sample.name}` })),
  );
}

/** The first sample of an event that the mapping makes something of. */
function firstUseful(samples: readonly NamedSample[], detail: MappingDetail | undefined): string {
  const emitting = new Set(detail?.entries.filter(({ emits }) => emits.length > 0).map(({ type }) => type));
  return (samples.find(({ key }) => emitting.has(key.split('/')[0] ?? '')) ?? samples[0])?.key ?? '';
}

function givenParams(params: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== ''));
}

/** Indented for reading; numbers stay as they are written, because only the white space around them changes. */
function pretty(text: string): string {
  try {
    const source = new Map<number, string>();
    const kept = JSON.parse(text, ((_: string, value: unknown, context?: { source?: string }) => {
      if (typeof value !== 'number' || String(value) === context?.source || !context?.source) return value;
      source.set(source.size, context.source);
      return `\u0000${source.size - 1}\u0000`;
    }) as (key: string, value: unknown) => unknown);
    return JSON.stringify(kept, null, 2).replace(
      /"\\u0000(\d+)\\u0000"/g,
      (_, index) => source.get(Number(index)) ?? '',
    );
  } catch {
    return text;
  }
}
