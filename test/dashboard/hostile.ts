/** What senders and targets write is shown as text, wherever it is shown. */
import { describe, expect, it } from 'vitest';
import { openReader } from './browser.ts';
import { HOSTILE, type Rig } from './rig.ts';

export function describeHostile(rig: () => Rig): void {
  describe('markup from outside', () => {
    it('stays text in every field of every page', async () => {
      const { browser, relay, ids } = rig();
      await using reader = await openReader(browser, { url: relay.adminUrl });
      const { page } = reader;
      const inQuery = `#/events?${new URLSearchParams({ source: HOSTILE, type: HOSTILE, state: HOSTILE, since: '1h', text: HOSTILE })}`;
      const places: readonly (readonly [hash: string, times: number])[] = [
        ['#/overview', 1],
        ['#/events', 1],
        [inQuery, 2],
        [`#/events/${ids.hostile}`, 6],
        ['#/events?state=waiting', 0],
        [`#/targets/${encodeURIComponent(HOSTILE)}`, 0],
        ['#/inspector/shop', 4],
        [`#/inspector/${encodeURIComponent(HOSTILE)}`, 1],
        [`#/playground?event=${ids.hostile}&mapping=${encodeURIComponent(HOSTILE)}`, 0],
      ];
      for (const [hash, times] of places) {
        await reader.open(hash);
        const shown = ((await page.locator('main').textContent()) ?? '').split(HOSTILE).length - 1;
        expect({ hash, enough: shown >= times, shown }).toEqual({ hash, enough: true, shown });
        expect(await page.locator('[data-hostile]').count()).toBe(0);
      }
      expect(reader.faults.filter((fault) => !/status of 4\d\d/.test(fault))).toEqual([]);
    });

    it('stays text in a target’s answer and its headers', async () => {
      const { browser, relay } = rig();
      await using reader = await openReader(browser, { url: relay.adminUrl });
      const { page } = reader;
      await reader.open('#/events?state=waiting');
      await page.locator('.event-row').first().click();
      await page.locator('.try summary').first().click();
      await page.locator('.try .headers summary').last().click();
      const shown = await page.locator('.try').first().textContent();
      expect((shown ?? '').split(HOSTILE).length - 1).toBe(2);
      expect(await page.locator('[data-hostile]').count()).toBe(0);
    });

    it('stays text in the playground, in payload, mapping and answer', async () => {
      const { browser, relay } = rig();
      await using reader = await openReader(browser, { url: relay.adminUrl });
      const { page } = reader;
      await reader.open('#/playground');
      await page.getByLabel('Payload as it comes').fill(JSON.stringify({ event: HOSTILE, payload: { [HOSTILE]: 1 } }));
      await page.locator('.playground-result', { hasText: HOSTILE }).waitFor();
      await page.locator('.cm-content').click();
      await page.keyboard.press('Control+a');
      await page.keyboard.press('Delete');
      await page.keyboard.insertText(`from: bsr\nto: sigma\n? ${JSON.stringify(HOSTILE)}\n: 1\n`);
      await page.locator('.problem', { hasText: 'data-hostile' }).first().waitFor();
      expect(await page.locator('[data-hostile]').count()).toBe(0);
      expect(reader.faults).toEqual([]);
    });
  });
}
