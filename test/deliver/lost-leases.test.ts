/** A relay that was silent for so long that others have taken over its leases. */
import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import type { EventScope } from '../../src/model/event.ts';
import { createRig, startConsumer, target, until, written } from './rig.ts';

it('finishes what is in flight, begins nothing else while in doubt, and gives back the rest once it knows', async () => {
  const open: ServerResponse[] = [];
  const consumer = await startConsumer((response) => void open.push(response));
  let areHeld = true;
  let lose: () => void = () => undefined;
  const rig = createRig({
    targets: [target({ url: consumer.url, concurrency: 1 })],
    ports: {
      leases: {
        areHeld: () => areHeld,
        onLost(listener) {
          lose = listener;
          return () => undefined;
        },
      },
    },
  });
  rig.dispatcher.start();
  await rig.clock.advance(100);
  rig.dispatcher.dispatch(rig.queue.addHeld(3), {} as EventScope);
  await until(() => open.length === 1);

  areHeld = false;
  open[0]?.end();
  await written(rig, 1);
  expect(rig.queue.inState('delivered')).toHaveLength(1);
  await rig.clock.advance(3000);
  expect(consumer.received).toHaveLength(1);
  expect(rig.queue.leased()).toHaveLength(2);

  lose();
  await until(() => rig.queue.leased().length === 0);
  expect(consumer.received).toHaveLength(1);

  areHeld = true;
  await rig.clock.advance(1000);
  await until(() => open.length === 2);
});
