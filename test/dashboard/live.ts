/** What the pages show while things go on: in many tabs, behind several relays, and for whoever reads further down. */
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { openReader } from './browser.ts';
import { type Rig, sample } from './rig.ts';

/** More than the connections that a browser opens to one host. */
const TABS = 7;

async function see(page: Page, isSeen: boolean): Promise<void> {
  await page.evaluate(`Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${!isSeen} });
    document.dispatchEvent(new Event('visibilitychange'))`);
}

/** Moves the clock of a page on until it shows what is looked for. */
async function advanceUntil(shown: Locator): Promise<void> {
  while (!(await shown.isVisible())) await shown.page().clock.fastForward(1000);
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

    it('shows what other relays do to the list and to an event, of which this one’s line says nothing', async () => {
      const { browser, relay, send } = rig();
      await using reader = await openReader(browser, { url: relay.adminUrl, clock: 'by hand' });
      const { page } = reader;
      const pause = (what: 'pause' | 'resume') =>
        fetch(`${relay.adminUrl}/api/targets/legacy-vod/${what}`, { method: 'POST' });
      await page.route('**/api/tail', (route) => route.abort());
      await pause('pause');
      try {
        await reader.open('#/events');
        const id = await send('bsr', {
          ...sample('bsr', 'clip.generated'),
          id: '00000000-0000-4000-8000-00000000feed',
        });
        const row = page.locator('.event-row', { hasText: id });
        await advanceUntil(row);
        await row.click();
        const delivery = page.locator('.delivery', { hasText: 'legacy-vod' });
        await delivery.getByText('waiting', { exact: true }).waitFor();
        await pause('resume');
        await advanceUntil(delivery.getByText('delivered', { exact: true }));
      } finally {
        await pause('resume');
      }
    });

    it('counts as new only what the filters show', async () => {
      const { browser, relay, send } = rig();
      for (let n = 0; n < 40; n++) await send('shop', { kind: 'long list', id: `long-${n}` });
      await using reader = await openReader(browser, { url: relay.adminUrl });
      const { page } = reader;
      await reader.open('#/events?type=long+list');
      await page.locator('.live-dot.is-on').waitFor();
      await page.locator('.event-row').nth(39).scrollIntoViewIfNeeded();
      for (let n = 0; n < 3; n++) await send('shop', { kind: 'something else', id: `else-${n}` });
      await send('shop', { kind: 'long list', id: 'long-new' });
      await page.getByRole('button', { name: '1 new event ↑', exact: true }).click();
      await page.locator('.event-row').nth(40).waitFor({ state: 'attached' });
      expect(await page.getByRole('button', { name: /new event/ }).count()).toBe(0);
    });

    it('takes no step in the history for each pause in typing', async () => {
      const { browser, relay } = rig();
      await using reader = await openReader(browser, { url: relay.adminUrl });
      const { page } = reader;
      await reader.open('#/events');
      const before = await page.evaluate('history.length');
      for (const text of ['evt', 'evt_', 'evt_0']) {
        await page.getByRole('searchbox').fill(text);
        await page.waitForURL(new RegExp(`text=${text}$`));
      }
      expect(await page.evaluate('history.length')).toBe(before);
    });
  });
}
