import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/kit/clock.ts';
import { closeServer } from '../../src/relay/close-server.ts';
import { ManualClock } from '../kit/manual-clock.ts';

const REQUEST = 'POST / HTTP/1.1\r\nhost: relay\r\ncontent-length: 0\r\n\r\n';

it('answers a sender that keeps its connection busy, and tells it that this was the last answer', async () => {
  const answers: ServerResponse[] = [];
  const server = createServer((_, response) => void answers.push(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sender = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const said = text(sender);
  sender.write(REQUEST);
  await once(server, 'request');

  const closed = closeServer(server, { clock: systemClock, deadlineMs: 10_000 });
  sender.write(REQUEST);
  await once(server, 'request');
  for (const answer of answers) answer.writeHead(202, { 'content-length': 0 }).end();
  await closed;

  const [first, second, ...more] = (await said).split('HTTP/1.1 202').slice(1);
  expect(more).toEqual([]);
  expect(first).not.toMatch(/connection: close/i);
  expect(second).toMatch(/connection: close/i);
});

it('waits for nobody where no one is connected', async () => {
  const clock = new ManualClock();
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  await closeServer(server, { clock, deadlineMs: 10_000, tellMs: 200 });
  expect(clock.pending).toBe(0);
});
