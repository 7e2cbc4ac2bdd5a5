/** The dashboard in a real browser, over a real relay. */
import { afterAll, beforeAll, describe } from 'vitest';
import { describeAccess } from './access.ts';
import { describeActing } from './acting.ts';
import { PATIENCE_MS } from './browser.ts';
import { describeFresh } from './fresh.ts';
import { describeHeld } from './held.ts';
import { describeHostile } from './hostile.ts';
import { describeLive } from './live.ts';
import { describePages } from './pages.ts';
import { type Rig, startRig } from './rig.ts';
import { describeShop } from './shop.ts';

describe('the dashboard', { timeout: 2 * PATIENCE_MS }, () => {
  let rig: Rig | undefined;
  const given = (): Rig => rig as Rig;
  beforeAll(async () => {
    rig = await startRig();
  }, 2 * PATIENCE_MS);
  afterAll(async () => {
    await rig?.[Symbol.asyncDispose]();
  });
  describePages(given);
  describeAccess(given);
  describeHostile(given);
  describeActing(given);
  describeLive(given);
  describeShop(given);
  describeFresh(given);
  describeHeld(given);
});
