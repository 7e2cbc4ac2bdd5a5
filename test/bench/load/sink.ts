/** A consumer as a process of its own: answers 200 and counts. `/hang/…` is never answered, `/after/20/…` after 20 ms, what hangs once released. */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { dueAtOf } from './clip.ts';
import { createTimes, type FromSink, nowMs, type ToSink, type Wanted } from './exchange.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';
const times = createTimes();
let byPath = new Map<string, number>();
/** The path that hangs for now, and who waits for an answer from it. */
let hung: string | undefined;
const waiting = new Set<Socket>();
let awaited: Wanted | undefined;
let deadline: NodeJS.Timeout | undefined;
let firstAt = 0;
let lastAt = 0;

function receive(socket: Socket, path: string, body: string): void {
  lastAt = nowMs();
  if (byPath.size === 0) firstAt = lastAt;
  byPath.set(path, (byPath.get(path) ?? 0) + 1);
  if (path === hung) waiting.add(socket);
  else if (!path.startsWith('/hang')) {
    times.add(lastAt - dueAtOf(body));
    const after = /^\/after\/(\d+)/.exec(path)?.[1];
    if (after) setTimeout(() => socket.write(OK), Number(after));
    else socket.write(OK);
  }
  if (awaited) reportIfReached(awaited);
}

const tell = (message: FromSink): void => void process.send?.(message);

function reportIfReached(wanted: Wanted): void {
  if (countOf(wanted) < wanted.received) return;
  awaited = undefined;
  clearTimeout(deadline);
  tell({ firstAt, lastAt, latency: times.quantiles() });
}

function countOf({ except, under = '' }: Wanted): number {
  let count = 0;
  for (const [path, requests] of byPath) {
    if (path.startsWith(under) && (!except || !path.endsWith(except))) count += requests;
  }
  return count;
}

function giveUp(wanted: Wanted): void {
  awaited = undefined;
  tell({ failed: `${countOf(wanted)} of ${wanted.received} deliveries have come` });
}

const server = createServer((socket) => {
  let text = '';
  socket.setNoDelay(true);
  socket.setEncoding('latin1');
  socket.on('error', () => socket.destroy());
  socket.on('close', () => waiting.delete(socket));
  socket.on('data', (chunk: string) => {
    text = text === '' ? chunk : text + chunk;
    const head = text.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/content-length: *(\d+)/i.exec(text)?.[1] ?? 0);
    if (text.length < head + 4 + length) return;
    const path = text.slice(text.indexOf(' ') + 1, text.indexOf(' HTTP/'));
    const body = text.slice(head + 4);
    text = '';
    receive(socket, path, body);
  });
});

process.on('message', (message: ToSink) => {
  if (message.do === 'forget') {
    byPath = new Map();
    times.clear();
    tell({ forgotten: true });
  } else if (message.do === 'hang') {
    hung = message.path;
    tell({ hangs: hung });
  } else if (message.do === 'release') {
    hung = undefined;
    tell({ released: waiting.size });
    for (const socket of waiting) socket.write(OK);
    waiting.clear();
  } else {
    awaited = message;
    deadline = setTimeout(giveUp, message.withinMs, message);
    reportIfReached(message);
  }
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => tell({ port: (server.address() as AddressInfo).port }));
