/** For everyone: axe-core's rules in both themes, and the whole way by keyboard. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { openReader } from './browser.ts';
import { placesOf } from './pages.ts';
import type { Rig } from './rig.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RUN = `axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
  .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target, failureSummary }) => target + ' ' + failureSummary).join('; ')))`;

export function describeAccess(rig: () => Rig): void {
  describe('for everyone', () => {
    it('keeps to WCAG AA on every page, in the light theme and in the dark one', async () => {
      const { browser, relay, ids } = rig();
      await using reader = await openReader(browser, { url: relay.adminUrl });
      const { page } = reader;
      const hold = async (place: string): Promise<void> => {
        await page.evaluate(AXE);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await page.locator(`html[data-theme="${colorScheme}"]`).waitFor();
          const violations = await page.evaluate(RUN);
          expect({ place, colorScheme, violations }).toEqual({ place, colorScheme, violations: [] });
        }
      };
      for (const { hash, shows } of placesOf(rig())) {
        await reader.open(hash);
        await page.locator('main', { hasText: shows }).waitFor();
        await hold(hash);
      }
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
      await hold('the help');
      await reader.open(`#/events/${ids.clip}`);
      await page.getByRole('button', { name: 'Translate anew and send' }).first().click();
      await page.getByText('Exactly what was sent before.').waitFor();
      await hold('a replay');
    });

    it('leads from the overview to an event, through its fields and back, by keyboard alone', async () => {
      const { browser, relay, ids } = rig();
      await using reader = await openReader(browser, { url: relay.adminUrl });
      const { page } = reader;
      const { keyboard } = page;
      await reader.open('');
      await keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
      await keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await keyboard.press('g');
      await keyboard.press('e');
      await page.getByRole('heading', { level: 1, name: 'Events' }).waitFor();
      await keyboard.press('/');
      await keyboard.type(ids.clip);
      await page.waitForURL((url) => url.hash.includes(ids.clip));
      await expect.poll(() => page.locator('.event-row').count(), { timeout: 30_000 }).toBe(1);
      await keyboard.press('Tab');
      await page.evaluate('document.activeElement.blur()');
      await keyboard.press('j');
      await keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'clip.generated' }).waitFor();
      await page.locator('[data-line="data.room_id"]').focus();
      await keyboard.press('ArrowDown');
      await keyboard.press('ArrowRight');
      expect(await page.evaluate('document.activeElement.dataset.line')).toBe('field 0 0');
      await keyboard.press('u');
      await page.getByRole('heading', { level: 1, name: 'Events' }).waitFor();
    });

    it('changes theme and language by a key, and remembers both', async () => {
      const { browser, relay } = rig();
      await using reader = await openReader(browser, { url: relay.adminUrl });
      const { page } = reader;
      await reader.open('');
      await page.keyboard.press('t');
      await page.keyboard.press('t');
      await page.keyboard.press('l');
      await page.getByRole('link', { name: '概览' }).waitFor();
      expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
      await page.reload();
      await page.getByRole('link', { name: '概览' }).waitFor();
      expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
      expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    });
  });
}
