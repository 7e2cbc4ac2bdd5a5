/** The admin API's live parts: the tail as server-sent events, and what the inspectors received. */
import type { ApiPorts } from './api-ports.ts';
import type * as api from './api-schema.ts';
import type { Handlers } from './handlers.ts';
import type { Inspected } from './inspector.ts';
import { answer, refuse } from './reply.ts';

const STREAM_HEADERS = { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' };

export function liveHandlers({
  tail,
  inspector,
}: ApiPorts): Pick<Handlers, 'tail' | 'listInspectors' | 'showInspector' | 'clearInspector'> {
  return {
    tail({ query, response }) {
      const { source, target } = query as { source?: string; target?: string };
      const wants = (about: { readonly source?: string; readonly target?: string }): boolean =>
        (source === undefined || about.source === undefined || about.source === source) &&
        (target === undefined || about.target === undefined || about.target === target);
      response.statusCode = 200;
      for (const [name, value] of Object.entries(STREAM_HEADERS)) response.setHeader(name, value);
      if (tail.attach({ stream: response, wants })) return { kind: 'stream' };
      return refuse(503, 'TAIL_FULL', 'too many readers follow the tail already');
    },
    listInspectors: () =>
      answer<api.InspectorList>({
        items: inspector
          .names()
          .map(({ name, received, lastAt }) => ({ name, received, last_at: lastAt === '' ? null : lastAt })),
      }),
    showInspector({ name }) {
      const requests = inspector.requests(name);
      return answer<api.InspectorDetail>({
        name,
        received: inspector.received(name),
        requests: requests.map(presentInspected),
      });
    },
    clearInspector({ name }) {
      inspector.clear(name);
      return { kind: 'empty' };
    },
  };
}

function presentInspected({ receivedAt, headers, ...rest }: Inspected): api.InspectedRequest {
  const { number, method, url, body, bytes, truncated } = rest;
  return { number, received_at: receivedAt, method, url, headers, body, bytes, truncated };
}
