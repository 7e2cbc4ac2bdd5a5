/** What a reader does: watch events come, send again, pause and ping targets, and try mappings. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TargetList } from '../../src/admin/api-schema.ts';
import { openReader } from './browser.ts';
import { type Rig, sample } from './rig.ts';

export function describeActing(rig: () => Rig): void {
  describe('the list of events', () => {
    it('shows an event as it comes, with its filters in the address', async () => {
      const { browser, relay, send } = rig();
      await using reader = await openReader(browser, { url: relay.adminUrl });
      const { page } = reader;
      await reader.open('#/events');
      await page.getByLabel('Type').selectOption('live.started');
      await page.waitForURL(/type=live\.started/);
      await page.getByText('No event matches').waitFor();
      await page.locator('.live-dot.is-on').waitFor();
      await send('bsr', sample('bsr', 'live.started'));
      const row = page.locator('.event-row', { hasText: 'live.started' });
      await row.getByText('delivered').waitFor();
      expect(await page.locator('.event-row').count()).toBe(1);
    });

    it('reads older events a page at a time, without a gap or a repeat', async () => {
      const { browser, relay, send } = rig();
      const wanted = 60;
      for (let n = 0; n < wanted; n++) await send('shop', { kind: 'page', id: `page-${n}` });
      await using reader = await openReader(browser, { url: relay.adminUrl });
      const { page } = reader;
      await reader.open('#/events?type=page');
      const rows = page.locator('.event-row');
      await rows.nth(49).waitFor({ state: 'attached' });
      expect(await rows.count()).toBe(50);
      await page.getByRole('button', { name: 'Older events' }).click();
      await rows.nth(wanted - 1).waitFor({ state: 'attached' });
      const shown = await Promise.all((await rows.all()).map((row) => row.getAttribute('href')));
      expect(new Set(shown).size).toBe(wanted);
      expect(await page.getByRole('button', { name: 'Older events' }).count()).toBe(0);
    });
  });

  describe('sending again', () => {
    it('shows what would be sent, sends the same bytes, and shows the new attempt', async () => {
      const { browser, relay, ids, consumer } = rig();
      await using reader = await openReader(browser, { url: relay.adminUrl });
      const { page } = reader;
      const before = consumer.received.filter(({ url }) => url === '/hook');
      await reader.open(`#/events/${ids.clip}`);
      const delivery = page.locator('.delivery', { hasText: 'legacy-vod' });
      await delivery.getByRole('button', { name: 'Send again' }).click();
      await page.getByRole('dialog').getByText('Exactly what was sent before.').waitFor();
      expect(consumer.received.filter(({ url }) => url === '/hook')).toHaveLength(before.length);
      await page.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click();
      await delivery.locator('.try', { hasText: 'Attempt 2' }).locator('.try-result', { hasText: '200' }).waitFor();
      const after = consumer.received.filter(({ url }) => url === '/hook');
      expect(after).toHaveLength(before.length + 1);
      expect(after.at(-1)?.body).toBe(before.at(-1)?.body);
    });

    it('says why nothing can be sent, and does not offer to', async () => {
      const { browser, relay, ids } = rig();
      await using reader = await openReader(browser, { url: relay.adminUrl });
      const { page } = reader;
      await reader.open(`#/events/${ids.dead}`);
      await page.getByRole('button', { name: 'Translate anew and send' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('MAPPING_UNWRITABLE').waitFor();
      expect(await dialog.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true);
    });
  });

  describe('a target', () => {
    it('is paused, resumed and pinged', async () => {
      const { browser, relay } = rig();
      await using reader = await openReader(browser, { url: relay.adminUrl });
      await reader.open('#/targets');
      const card = reader.page.getByRole('region', { name: 'legacy-vod' });
      await card.getByRole('button', { name: 'Pause' }).click();
      await card.getByText('paused').waitFor();
      await card.getByRole('button', { name: 'Resume' }).click();
      await card.getByText('running').waitFor();
      await card.getByRole('button', { name: 'Test ping' }).click();
      await card.getByText(/Reached: HEAD gave 200/).waitFor();
    });

    it('can be paused while its breaker is open, when resuming it would send at once', async () => {
      const { browser, relay } = rig();
      await using reader = await openReader(browser, { url: relay.adminUrl });
      const { page } = reader;
      await page.route('**/api/targets', async (route) => {
        const response = await route.fetch();
        const { items } = (await response.json()) as TargetList;
        await route.fulfill({ response, json: { items: items.map((target) => ({ ...target, breaker: 'open' })) } });
      });
      await reader.open('#/targets');
      const card = page.getByRole('region', { name: 'legacy-vod' });
      await card.getByText('breaker open').waitFor();
      expect(await card.getByRole('button', { name: 'Resume' }).isEnabled()).toBe(true);
      await card.getByRole('button', { name: 'Pause' }).click();
      await card.getByText('paused').waitFor();
      expect(await card.getByRole('button', { name: 'Pause' }).count()).toBe(0);
      await card.getByRole('button', { name: 'Resume' }).click();
      await card.getByText('breaker open').waitFor();
    });
  });

  describe('the playground', () => {
    it('shows a problem at its place as one types, and the requests again when it is solved', async () => {
      const { browser, relay } = rig();
      await using reader = await openReader(browser, { url: relay.adminUrl });
      const { page } = reader;
      await reader.open('#/playground?mapping=bsr-to-remotemonster');
      await page.locator('.playground-result .request-line').first().waitFor();
      await page.locator('.cm-content').click();
      await page.keyboard.press('Control+Home');
      await page.keyboard.type('colour: red\n');
      await page.locator('.problem', { hasText: 'MAPPING_UNKNOWN_KEY' }).getByText('1:1').waitFor();
      expect(await page.locator('.cm-lintRange-error').textContent()).toBe('colour');
      await page.getByRole('button', { name: 'Undo all changes' }).click();
      await page.getByText('No problems').waitFor();
      await page.locator('.playground-result .request-line').first().waitFor();
    });

    it('translates an event of the relay, and saves it as a test beside the mapping', async () => {
      const { browser, relay, home, ids } = rig();
      await using reader = await openReader(browser, { url: relay.adminUrl });
      const { page } = reader;
      await reader.open(`#/events/${ids.clip}`);
      await page.getByRole('link', { name: 'Open in the playground' }).click();
      await page.locator('.playground-result', { hasText: '"filesize": "53049119"' }).waitFor();
      await page.getByLabel('Save what you see as a test').fill('a clip that a reader tried');
      await page.getByRole('button', { name: 'Save test' }).click();
      await page.getByText('Written to').waitFor();
      const file = readFileSync(join(home.folder, 'mappings/bsr-to-remotemonster.test.yaml'), 'utf8');
      expect(file).toContain('a clip that a reader tried');
      await page.locator('.tests summary').click();
      await page.locator('.test.is-good', { hasText: 'a clip that a reader tried' }).waitFor();
    });
  });
}
