/** Whose options an event is read with, and a translation written with: those of the source and the target that the reader came from. */
import type { EventDetail, Mapping, MappingDetail, TranslateRequest } from '../../../api-schema.ts';

export interface ReadAsInput {
  readonly query: URLSearchParams;
  readonly stored: EventDetail | undefined;
  readonly mappings: readonly Mapping[] | undefined;
  /** The mapping that is tried. */
  readonly detail: Pick<MappingDetail, 'from' | 'to'> | undefined;
}

/** Each only where the mapping is from its format, or to it: for another one the options of neither mean anything. */
export function readAs({ query, stored, mappings, detail }: ReadAsInput): Pick<TranslateRequest, 'source' | 'target'> {
  const given = mappings?.find(({ name }) => name === query.get('mapping'));
  const source = query.get('source') ?? stored?.event.source;
  const target = query.get('target');
  const from = stored?.event.format ?? given?.from;
  return {
    ...(source && from === detail?.from ? { source } : {}),
    ...(target && given?.to === detail?.to ? { target } : {}),
  };
}
