/** What the pages show while things go on: in many tabs, behind several relays, and for whoever reads further down. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openReader } from './browser.ts';
import type { Rig } from './rig.ts';

/** More than the connections that a browser opens to one host. */
const TABS = 7;

async function see(page: Page, isSeen: boolean): Promise<void> {
  await page.evaluate(`Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${!isSeen} });
    document.dispatchEvent(new Event('visibilitychange'))`);
}

export function describeLive(rig: () => Rig): void {
  describe('while things go on', () => {
    it('keeps a line to the relay in the tab that is seen, and none in those that are not', async () => {
      const { browser, relay, send } = rig();
      await using reader = await openReader(browser, { url: relay.adminUrl });
      const first = reader.page;
      await reader.open('#/events');
      for (let tab = 1; tab < TABS; tab++) {
        await see(tab === 1 ? first : (first.context().pages().at(-1) as Page), false);
        const page = await first.context().newPage();
        await page.goto(`${relay.adminUrl}/#/events`);
        await page.locator('.live-dot.is-on').waitFor();
      }
      expect(await first.locator('.live-dot.is-on').count()).toBe(0);
      const id = await send('shop', { kind: 'tab', id: 'tab-1' });
      await see(first, true);
      await first.locator('.live-dot.is-on').waitFor();
      await first.locator('.event-row', { hasText: id }).waitFor();
    });
  });
}
