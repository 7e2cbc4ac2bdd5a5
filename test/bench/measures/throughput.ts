/** How many events a second, beside what does less: the references, and the relay with a part of itself left out. */
import { freePort, type Subject, startSubject } from '../load/processes.ts';
import { startNginx } from '../subjects/nginx.ts';
import { startNodeRed } from '../subjects/node-red.ts';
import { oneRule, startRelay } from '../subjects/relay.ts';
import type { Far, Run } from './drive.ts';
import { answering, type Contender, delivering, inTurns, type Turns } from './rounds.ts';

export interface Throughput {
  readonly turns: Turns;
  /** Events that one round sends end to end. */
  readonly events: number;
  readonly durationMs: number;
  /** The references that no goal of the quick run needs, too. */
  readonly isFull: boolean;
}

/** Node-RED does less than a tenth of the others, and is given fewer events. */
const NODE_RED_SHARE = 10;

/** Runs by the contender's name: `koa`, `relay`, `no store`, and where they are there `node-red`, `stored only`, `bare http`, `nginx`. */
export async function measureThroughput(far: Far, extent: Throughput): Promise<ReadonlyMap<string, Run>> {
  const { events, durationMs, turns, isFull } = extent;
  await using subjects = new AsyncDisposableStack();
  const url = `${far.sink.url}/ok`;
  const yaml = oneRule(url);
  const contenders: Contender[] = [];
  const answers = (name: string, subject: Subject): void => {
    contenders.push(answering(name, { far, subject: subjects.use(subject), durationMs }));
  };
  const delivers = (name: string, subject: Subject, share = 1): void => {
    contenders.push(delivering(name, { far, subject: subjects.use(subject), events: Math.ceil(events / share) }));
  };
  answers('koa', await startScript('koa.ts'));
  delivers('relay', await startRelay({ yaml }));
  delivers('no store', await startRelay({ yaml, withoutStore: true }));
  const nodeRed = await startNodeRed(url);
  if (nodeRed) delivers('node-red', nodeRed, NODE_RED_SHARE);
  if (isFull) {
    answers('stored only', await startRelay({ yaml: oneRule(url, ', enabled: false') }));
    answers('bare http', await startScript('bare.ts'));
    const nginx = await startNginx(url);
    if (nginx) delivers('nginx', nginx);
    else console.log('nginx is not on this machine: left out');
  }
  return await inTurns(contenders, turns);
}

async function startScript(name: string): Promise<Subject> {
  const port = await freePort();
  return await startSubject({ args: [`test/bench/subjects/${name}`, String(port)], port });
}
