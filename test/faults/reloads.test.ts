/** 100 reloads under 200 events a second, every fifth of them invalid. */
import { it } from 'vitest';
import { reloadUnderLoad } from '../flow/reload-under-load.ts';

it('fails, loses and doubles nothing over 100 reloads under 200 events a second', async () => {
  await reloadUnderLoad({ reloads: 100, eventsPerSecond: 200 });
});
