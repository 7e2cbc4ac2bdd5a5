/** Connections to a target behind TLS: undici's pool, which also speaks HTTP/2 where the target offers it. */
import { buildConnector, type Dispatcher, Pool } from 'undici';
import type { Target } from '../model/target.ts';
import type { AnswerListener, Connections } from './connections.ts';
import { destinationOf } from './destination.ts';
import type { DialRule } from './dial-rule.ts';
import { AttemptFailed } from './failure.ts';

export function createTlsConnections(target: Target, rule: DialRule): Connections {
  const connectTo = buildConnector({ timeout: rule.timeoutMs, lookup: rule.lookup, autoSelectFamily: true });
  const pool = new Pool(destinationOf(target).origin, {
    connections: target.concurrency,
    pipelining: 1,
    // The sweep of attempt.ts watches over the whole answer.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect(options, callback) {
      const refusal = rule.refusal();
      if (refusal) callback(refusal, null);
      else connectTo(options, callback);
    },
  });
  return {
    dispatch({ method, path, headers, body }, listener) {
      const options = {
        path,
        method: method as Dispatcher.HttpMethod,
        headers: headers as Record<string, string>,
        body,
      };
      pool.dispatch(options, handlerFor(listener));
    },
    retire: () => void pool.close().catch(() => undefined),
    destroy: (error) => pool.destroy(error),
  };
}

function handlerFor(listener: AnswerListener): Dispatcher.DispatchHandler {
  return {
    onRequestStart(controller) {
      const abort = (): void => {
        if (!controller.aborted) controller.abort(new AttemptFailed('STOPPED', 'enough'));
      };
      listener.begun({ abort });
    },
    onResponseStart(_, status, headers) {
      if (status >= 200) listener.head(status, flat(headers));
    },
    // A copy: a chunk is a view into the parser's whole buffer.
    onResponseData: (_, chunk) => listener.data(Buffer.from(chunk)),
    onResponseEnd: () => listener.end(),
    onResponseError: (_, error) => listener.failed(error),
  };
}

function flat(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const flattened: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    flattened[name] = Array.isArray(value) ? value.join(', ') : String(value);
  }
  return flattened;
}
