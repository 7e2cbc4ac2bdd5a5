/** The admin API's playground: mappings, their tests, the catalogue of formats, and translating without sending. */
import type { Format } from '../model/format.ts';
import type { ApiPorts } from './api-ports.ts';
import type * as api from './api-schema.ts';
import type { Handlers } from './handlers.ts';
import { answer, type Refused, type Reply, unknown } from './reply.ts';

export function playgroundHandlers({
  playground,
  formats,
}: ApiPorts): Pick<Handlers, 'listMappings' | 'showMapping' | 'saveTest' | 'translate' | 'check' | 'listFormats'> {
  return {
    listMappings: () => answer<api.MappingList>({ items: playground.mappings() }),
    showMapping({ name }) {
      const mapping = playground.mapping(name);
      return mapping ? answer<api.MappingDetail>(mapping) : unknown('mapping', name);
    },
    async saveTest({ name, body }) {
      return replyOf(await playground.saveTest(name, body as api.SaveTestRequest));
    },
    async translate({ body }) {
      return replyOf(await playground.translate(body as api.TranslateRequest));
    },
    check: ({ body }) => answer<api.CheckAnswer>(playground.check(body as api.CheckRequest)),
    listFormats: () => answer<api.FormatList>({ items: [...formats.values()].map(presentFormat) }),
  };
}

function replyOf<T extends object>(result: T | Refused): Reply {
  return 'kind' in result && result.kind === 'refused' ? result : answer(result);
}

function presentFormat(format: Format): api.Format {
  const schema = (value: object | undefined) => (value as Record<string, unknown> | undefined) ?? null;
  return {
    name: format.name,
    title: format.title,
    about: format.about,
    methods: format.methods,
    open: format.open ?? false,
    free: format.free ?? false,
    source_options: schema(format.sourceOptions),
    target_options: schema(format.targetOptions),
    events: Object.entries(format.events).map(([type, { about, read, write, samples }]) => ({
      type,
      about,
      read: read as Record<string, unknown>,
      write: write as Record<string, unknown>,
      samples: samples.map(({ name, method, search = '', headers, body = null }) => ({
        name,
        method,
        search,
        headers,
        body,
      })),
    })),
  };
}
