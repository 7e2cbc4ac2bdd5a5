/** How many events a second, beside what does less: the references, and the relay with a part of itself left out. */
import { freePort, type Subject, startSubject } from '../load/processes.ts';
import { startNodeRed } from '../subjects/node-red.ts';
import { oneRule, startRelay } from '../subjects/relay.ts';
import { answering, type Contender, delivering, type Far, inTurns, type Run } from './rounds.ts';

export interface Extent {
  readonly rounds: number;
  /** Events that one round sends end to end. */
  readonly events: number;
  readonly durationMs: number;
  /** The references that no goal of the quick run needs, too. */
  readonly isFull: boolean;
}

/** Node-RED does less than a tenth of the others, and is given fewer events. */
const NODE_RED_SHARE = 10;

/** Runs by the contender's name: `koa`, `relay`, `no store`, and where they are there `node-red`, `stored only`, `bare http`, `nginx`. */
export async function measureThroughput(far: Far, extent: Extent): Promise<ReadonlyMap<string, Run>> {
  const { events, durationMs, rounds, isFull } = extent;
  await using subjects = new AsyncDisposableStack();
  const reference = async (script: string): Promise<Subject> => {
    const port = await freePort();
    return subjects.use(await startSubject({ args: [`test/bench/subjects/${script}`, String(port)], port }));
  };
  const yaml = oneRule(`${far.sink.url}/ok`);
  const contenders: Contender[] = [
    answering('koa', await reference('koa.ts'), far, durationMs),
    delivering('relay', subjects.use(await startRelay({ yaml })), far, events),
    delivering('no store', subjects.use(await startRelay({ yaml, withoutStore: true })), far, events),
  ];
  const nodeRed = await startNodeRed(`${far.sink.url}/ok`);
  if (nodeRed) contenders.push(delivering('node-red', subjects.use(nodeRed), far, Math.ceil(events / NODE_RED_SHARE)));
  if (isFull) {
    const storing = await startRelay({ yaml: oneRule(`${far.sink.url}/ok`, ', enabled: false') });
    contenders.push(answering('stored only', subjects.use(storing), far, durationMs));
    contenders.push(answering('bare http', await reference('bare.ts'), far, durationMs));
  }
  return await inTurns(contenders, rounds);
}
