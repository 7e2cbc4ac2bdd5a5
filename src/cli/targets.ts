/** `dragoman targets`: how each target is; `pause NAME` and `resume NAME` change that for every relay on the store, running or not. */
import { pauseBeside, resumeBeside } from '../deliver/pause-beside.ts';
import { nearest } from '../kit/problem.ts';
import { showTime } from '../kit/shown.ts';
import type { Store } from '../stores/store.ts';
import { maskedTerminal } from './masked-terminal.ts';
import type { ConfigWith } from './read-config.ts';
import { withStore } from './stored.ts';
import { storedTargets } from './stored-targets.ts';
import { stateWords, type TargetRow, targetRows } from './target-states.ts';
import { counted, Failure, type Style, type Terminal, table } from './terminal.ts';

interface Input {
  readonly args: readonly string[];
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}

const ACTIONS = ['pause', 'resume'] as const;
const SEEN = 'a running relay sees it within a second';

export async function run({ args: [action, name], options, terminal: bare }: Input): Promise<void> {
  const terminal = maskedTerminal(bare, options);
  if (action === undefined) return list(options, terminal);
  const known = ACTIONS.find((one) => one === action);
  if (!known) throw new Failure(`targets can ${ACTIONS.join(' and ')}, not "${action}"`, adviceFor(action), 2);
  if (name === undefined)
    throw new Failure(
      `there is no target to ${known}`,
      `dragoman targets ${known} NAME: dragoman targets lists them`,
      2,
    );
  await withStore(options, async (store, config) => {
    await refuseUnknown(name, store, config);
    const said = known === 'pause' ? await pause(name, store) : await resume(name, store);
    const row = (await targetRows(store, config, Date.now())).find((one) => one.name === name);
    if (!row) throw new Failure(`target "${name}" has gone meanwhile`);
    if (options.json) terminal.json({ ...said.facts, target: row });
    else terminal.print([said.sentence, ...aftermath(row)].join('\n'));
  });
}

function adviceFor(action: string): string {
  const meant = nearest(action, ACTIONS);
  return meant ? `dragoman targets ${meant} NAME` : 'dragoman targets, dragoman targets pause NAME';
}

interface Said {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly sentence: string;
}

async function pause(name: string, store: Store): Promise<Said> {
  const changed = await pauseBeside(store, name);
  const sentence = changed ? `${name} is paused; ${SEEN}.` : `${name} is paused already; nothing was changed.`;
  return { facts: { changed }, sentence };
}

async function resume(name: string, store: Store): Promise<Said> {
  const { hastened } = await resumeBeside(store, { target: name, now: Date.now() });
  if (hastened === null)
    return { facts: { changed: false, hastened: 0 }, sentence: `Nothing holds ${name} back; nothing was changed.` };
  const all = counted(hastened, 'delivery', 'deliveries');
  const due = hastened === 0 ? '' : `, and ${all} that waited for a later try ${hastened === 1 ? 'is' : 'are'} due now`;
  return { facts: { changed: true, hastened }, sentence: `${name} is resumed${due}; ${SEEN}.` };
}

/** What one might not expect after that. */
function aftermath({ state, waiting }: TargetRow): string[] {
  if (state === 'disabled') return ['It is switched off all the same: nothing is sent to it before it is switched on.'];
  return waiting === 0 || state === 'running'
    ? []
    : [`${counted(waiting, 'delivery waits', 'deliveries wait')} for it.`];
}

async function refuseUnknown(name: string, store: Store, config: ConfigWith<'store'>): Promise<void> {
  const names = [...(await storedTargets(config, store)).keys()];
  if (names.includes(name)) return;
  const advice = nearest(name, names) ?? (names.length > 0 ? names.join(', ') : undefined);
  throw new Failure(`there is no target "${name}"`, advice);
}

async function list(options: Record<string, unknown>, terminal: Terminal): Promise<void> {
  const rows = await withStore(options, (store, config) => targetRows(store, config, Date.now()));
  if (options.json) return terminal.json({ items: rows });
  if (rows.length === 0) return terminal.print('The configuration has no targets.');
  terminal.print(
    table([['TARGET', 'STATE', 'WAITING', 'DEAD', 'LAST ERROR'], ...rows.map((row) => cells(row, terminal))]),
  );
  const held = rows.find(({ state }) => state === 'paused' || state === 'stopped' || state === 'breaker_open');
  if (held) terminal.print(terminal.paint('dim', `send at once again: dragoman targets resume ${held.name}`));
}

const STYLES: Partial<Readonly<Record<TargetRow['state'], Style>>> = {
  running: 'green',
  stopped: 'red',
  breaker_open: 'red',
  gone: 'red',
};

function cells(row: TargetRow, terminal: Terminal): string[] {
  const { name, state, waiting, dead, lastError } = row;
  const error = lastError && `${lastError.message}  [${lastError.code}]`;
  const at = lastError?.at == null ? '' : `${showTime(lastError.at)}  `;
  return [
    name,
    terminal.paint(STYLES[state] ?? 'yellow', stateWords(row)),
    String(waiting),
    dead === 0 ? '0' : terminal.paint('red', String(dead)),
    error === null ? '' : at + error,
  ];
}
