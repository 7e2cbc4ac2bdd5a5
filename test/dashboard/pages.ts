/** Every page with what a real relay has to show, in both languages, at both widths. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Ledger, Overview } from '../../src/admin/api-schema.ts';
import { openReader } from './browser.ts';
import type { Rig } from './rig.ts';

/** Places of the dashboard, with a text that only the loaded page shows. */
export function placesOf({ ids }: Rig): readonly { readonly hash: string; readonly shows: string }[] {
  return [
    { hash: '#/overview', shows: 'streamrec-consumer' },
    { hash: '#/events', shows: 'clip.generated' },
    { hash: `#/events/${ids.clip}`, shows: 'bsr-to-remotemonster' },
    { hash: `#/events/${ids.dead}`, shows: 'MAPPING_UNWRITABLE' },
    { hash: '#/targets', shows: 'inspector:archive' },
    { hash: '#/playground', shows: 'bsr-to-remotemonster' },
    { hash: '#/inspector/archive', shows: '27183290' },
  ];
}

/** The overview as a relay in another situation would give it. */
async function patchOverview(page: Page, patch: (overview: Overview) => object): Promise<void> {
  await page.route('**/api/overview', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: patch((await response.json()) as Overview) });
  });
}

export function describePages(rig: () => Rig): void {
  describe('every page', () => {
    it.each(['en-GB', 'zh-CN'] as const)(
      'fits 1600 and 380 pixels in %s, calls no other host and breaks no rule of the CSP',
      async (language) => {
        const { browser, relay } = rig();
        await using reader = await openReader(browser, { url: relay.adminUrl, language });
        const { page } = reader;
        for (const { hash, shows } of placesOf(rig())) {
          await reader.open(hash);
          await page.locator('main', { hasText: shows }).waitFor();
          for (const width of [1600, 380]) {
            await page.setViewportSize({ width, height: 900 });
            // charts follow the width in the frame after it has changed
            const beyond =
              await page.evaluate(`new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))
              .then(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth))`);
            expect({ hash, width, beyond }).toEqual({ hash, width, beyond: 0 });
          }
        }
        expect(await page.locator('html').getAttribute('lang')).toBe(language.replace('-GB', ''));
        expect(reader.faults).toEqual([]);
      },
    );
  });

  describe('the overview', () => {
    it('says what needs someone, and shows the ledger as the relay keeps it', async () => {
      const { browser, relay, ask } = rig();
      await using reader = await openReader(browser, { url: relay.adminUrl });
      await reader.open('');
      await reader.page.getByRole('heading', { level: 1, name: 'Something needs you' }).waitFor();
      const ledger = await ask<Ledger>('/api/ledger');
      const shown = reader.page.getByRole('region', { name: 'Ledger' });
      await shown.locator('.row', { hasText: 'Events accepted' }).getByText(String(ledger.accepted)).waitFor();
      expect(await shown.locator('.row', { hasText: 'dead' }).textContent()).toBe(`dead${ledger.events.dead}`);
      expect(await shown.textContent()).toContain('every event is accounted for');
    });

    it('names what waits for a target that the configuration no longer has', async () => {
      const { browser, relay } = rig();
      await using reader = await openReader(browser, { url: relay.adminUrl });
      const { page } = reader;
      await patchOverview(page, (overview) => ({
        ...overview,
        alarms: [],
        dead: 0,
        waiting: { deliveries: 3, oldest_at: overview.relay.started_at },
        waiting_for_gone: [{ target: 'down', waiting: 3, oldest_at: overview.relay.started_at }],
        flow: {
          ...overview.flow,
          targets: overview.flow.targets.map((target) => ({ ...target, breaker: 'closed', waiting: 0 })),
        },
      }));
      await reader.open('');
      await page.getByRole('heading', { level: 1, name: 'Something needs you' }).waitFor();
      await page
        .getByRole('link', { name: '3 deliveries wait for down, which the configuration no longer has' })
        .waitFor();
      const card = page.getByRole('region', { name: 'Waiting and dead' });
      expect(await card.locator('.row').allInnerTexts()).toEqual([
        expect.stringMatching(/^down no longer in the configuration\s+3 waiting$/),
      ]);
    });

    it('says whose traffic it draws where several relays share a store', async () => {
      const { browser, relay } = rig();
      await using reader = await openReader(browser, { url: relay.adminUrl });
      const { page } = reader;
      await patchOverview(page, (overview) => ({ ...overview, relay: { ...overview.relay, store: 'postgres' } }));
      await reader.open('');
      for (const name of ['Flow', 'Throughput', 'Latency', 'Failures', 'Refused at the door'])
        await page.getByRole('region', { name }).locator('.card-note', { hasText: 'this relay' }).waitFor();
      expect(await page.getByRole('region', { name: 'Ledger' }).textContent()).not.toContain('this relay');
    });

    it('draws a line for every way, and those that fail apart', async () => {
      const { browser, relay } = rig();
      await using reader = await openReader(browser, { url: relay.adminUrl });
      await reader.open('');
      await reader.page.locator('.flow-line').nth(9).waitFor({ state: 'attached' });
      expect(await reader.page.locator('.flow-line').count()).toBe(10);
      expect(await reader.page.locator('.flow-line.is-failing').count()).toBeGreaterThanOrEqual(2);
    });
  });

  describe('an event', () => {
    it('lights up what belongs together, from the raw request to what was sent, and back', async () => {
      const { browser, relay, ids } = rig();
      await using reader = await openReader(browser, { url: relay.adminUrl });
      await reader.open(`#/events/${ids.clip}`);
      const lit = async (): Promise<(string | null)[]> =>
        Promise.all((await reader.page.locator('.is-lit').all()).map((line) => line.getAttribute('data-line')));
      await reader.page.locator('[data-line="data.size"]').hover();
      expect(await lit()).toEqual(['raw.payload.size', 'data.size', 'field 0 3', 'sent 0 body.filesize']);
      await reader.page.locator('[data-line="sent 0 body.duration"]').hover();
      expect(await lit()).toEqual(['raw.payload.length', 'data.length', 'field 0 2', 'sent 0 body.duration']);
    });

    it('says how much of a long payload it leaves out', async () => {
      const { browser, relay, send } = rig();
      const id = await send('shop', { kind: 'long', id: 'long', list: Array.from({ length: 3000 }, (_, n) => n) });
      await using reader = await openReader(browser, { url: relay.adminUrl });
      await reader.open(`#/events/${id}`);
      const received = reader.page.getByRole('region', { name: 'Received' });
      expect(await received.locator('.json-line').last().textContent()).toBe('… 1,006 more lines');
    });

    it('says that an inspector shows only the beginning of what it received', async () => {
      const { browser, relay, send } = rig();
      await send('shop', { kind: 'large', id: 'large', text: 'x'.repeat(100_000) });
      await using reader = await openReader(browser, { url: relay.adminUrl });
      await reader.open('#/inspector/shop');
      await reader.page.getByText('Only the beginning of 97.7 KiB is shown.').waitFor();
    });

    it.each([
      [true, 'clip'],
      [false, 'dead'],
    ] as const)('copies its id, where the browser has a clipboard for pages: %s', async (hasClipboard, event) => {
      const { browser, relay, ids } = rig();
      await using reader = await openReader(browser, { url: relay.adminUrl });
      const { page } = reader;
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      // as over plain http from another machine
      if (!hasClipboard)
        await page.addInitScript("Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined })");
      await reader.open(`#/events/${ids[event]}`);
      await page.getByRole('button', { name: 'Copy the id' }).click();
      await page.getByRole('button', { name: 'Copied' }).waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press('e');
      await page.getByRole('searchbox').focus();
      await page.keyboard.press('Control+v');
      expect(await page.getByRole('searchbox').inputValue()).toBe(ids[event]);
    });

    it('does not say that it has copied where it could not', async () => {
      const { browser, relay, ids } = rig();
      await using reader = await openReader(browser, { url: relay.adminUrl });
      const { page } = reader;
      await page.addInitScript(`Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined });
        document.execCommand = () => false`);
      await reader.open(`#/events/${ids.clip}`);
      await page.getByRole('button', { name: 'Copy the id' }).click();
      await page.getByRole('button', { name: 'It cannot be copied here' }).waitFor();
    });

    it('shows each rule with the condition that decided, and each attempt', async () => {
      const { browser, relay, ids } = rig();
      await using reader = await openReader(browser, { url: relay.adminUrl });
      await reader.open(`#/events/${ids.clip}`);
      const rules = reader.page.getByRole('region', { name: 'Rules' });
      expect(await rules.locator('.rule.is-matched').allInnerTexts()).toEqual([
        expect.stringContaining('data.length = 121'),
        expect.stringContaining('keep all'),
      ]);
      expect(await rules.locator('.rule.is-other_source').count()).toBe(3);
      const attempt = reader.page.locator('.delivery', { hasText: 'legacy-vod' }).locator('.try');
      expect(await attempt.textContent()).toContain('Attempt 1200');
    });
  });
}
