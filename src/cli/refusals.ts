/** `dragoman refusals`: what was refused at the door, newest first, and how often for which reason; it is no event, and nothing is kept of its body. */
import type { RejectionList } from '../admin/api-schema.ts';
import { storedRejections } from '../admin/rejections.ts';
import { nearest } from '../kit/problem.ts';
import type { SharedState } from '../kit/shared-state.ts';
import { showTime } from '../kit/shown.ts';
import { REFUSALS } from '../receive/refusal.ts';
import { givenTexts, parseLimit, withStore } from './stored.ts';
import { Failure, type Terminal, table } from './terminal.ts';
import { refuseUnknownNames } from './unknown-names.ts';

interface Input {
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}

const NO_SOURCE = '(no source)';

export async function run({ options, terminal }: Input): Promise<void> {
  const limit = parseLimit(options.limit);
  const { source, code } = givenTexts(options, ['source', 'code']);
  const refused = await withStore(options, async (store, config) => {
    const found = await storedRejections(store.shared, { source, code, limit });
    if (found.items.length === 0 && source !== undefined) await refuseUnknownNames({ source }, store, config);
    if (found.by_reason.length === 0 && code !== undefined) await refuseUnknownCode(code, store.shared);
    return found;
  });
  if (options.json) return terminal.json(refused);
  terminal.print(
    refused.by_reason.length === 0
      ? `Nothing was refused${code ? ` for ${code}` : ''}${source ? ` at ${source}` : ''}.`
      : tables(refused).join('\n\n'),
  );
  terminal.print(
    terminal.paint(
      'dim',
      'A running relay adds what is new every 10 seconds; its log has each at once, as request.refused.',
    ),
  );
}

/** That nothing was refused for a reason that there is not must not look like an answer. */
async function refuseUnknownCode(code: string, shared: SharedState): Promise<void> {
  const { by_reason } = await storedRejections(shared, { limit: 1 });
  const known = [...new Set([...by_reason.map((reason) => reason.code), ...Object.keys(REFUSALS)])];
  if (known.includes(code) || code.startsWith('JSON_')) return;
  const ofStatus = Object.entries(REFUSALS).flatMap(([name, status]) => (String(status) === code ? [name] : []));
  const meant = nearest(code.toUpperCase().replaceAll('-', '_'), known) ?? (ofStatus.join(', ') || undefined);
  throw new Failure(`nothing is ever refused for "${code}"`, meant ?? 'dragoman refusals, without --code');
}

/** Of many refusals for one reason, those for another are counted as well, but may be among the last ones no more. */
function tables({ items, by_reason }: RejectionList): string[] {
  const hasPlaces = items.some(({ path, fields }) => (path ?? fields) !== undefined);
  const refusals = items.map(({ at, source, status, code, address, path, fields }) => [
    showTime(Date.parse(at)),
    source || NO_SOURCE,
    String(status),
    code,
    address,
    ...(hasPlaces ? [path ?? fields ?? ''] : []),
  ]);
  const head = ['RECEIVED', 'SOURCE', 'STATUS', 'CODE', 'FROM', ...(hasPlaces ? ['WHERE'] : [])];
  const reasons = by_reason.map(({ source, code, count, last_at }) => [
    showTime(Date.parse(last_at)),
    source || NO_SOURCE,
    String(count),
    code,
  ]);
  return [
    ...(items.length > 0 ? [table([head, ...refusals])] : []),
    table([['LAST', 'SOURCE', 'TIMES', 'CODE'], ...reasons]),
  ];
}
