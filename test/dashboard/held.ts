/** What an event's page says of deliveries that wait: what holds them, and how they are sent before their next try. */
import { describe, expect, it } from 'vitest';
import { startConsumer } from '../flow/consumer.ts';
import { createHome, startRelay } from '../flow/relay-process.ts';
import { post } from '../flow/sender.ts';
import { openReader } from './browser.ts';
import type { Rig } from './rig.ts';

const rulesFor = (url: string): string => `
sources: { shop: { format: json } }
targets:
  paused: { format: json, url: "${url}/up" }
  later: { format: json, url: "${url}/down", order_by: data.room, retry: { quick: 1, schedule: [1h, 1h, 1h] } }
rules: [ { name: all, from: shop, to: [paused, later] } ]
`;

export function describeHeld(rig: () => Rig): void {
  describe('a delivery that waits', () => {
    it('is shown with what holds it, and is sent before its next try', async () => {
      await using consumer = await startConsumer(({ url }) => (url === '/down' ? 503 : 200));
      using home = createHome(rulesFor(consumer.url));
      await using relay = await startRelay(home);
      const act = (what: string) => fetch(`${relay.adminUrl}/api/targets/paused/${what}`, { method: 'POST' });
      await act('pause');
      const send = async (n: number): Promise<string> =>
        (JSON.parse((await post(`${relay.serverUrl}/in/shop`, `{"n":${n},"room":"a"}`)).body) as { id: string }).id;
      const first = await send(1);
      await relay.line(({ happening }) => happening === 'delivery.attempted');
      const second = await send(2);

      await using reader = await openReader(rig().browser, { url: relay.adminUrl });
      const { page } = reader;
      const delivery = (target: string) =>
        page.locator('.delivery', { has: page.getByRole('link', { name: target, exact: true }) });
      await reader.open(`#/events/${second}`);
      await delivery('paused').getByText('its target is paused').waitFor();
      await delivery('later').getByText('another delivery with the same order key comes first').waitFor();
      await delivery('later').getByRole('link', { name: 'To that delivery' }).click();
      await page.waitForURL(new RegExp(first));
      await delivery('later').locator('.try', { hasText: 'Attempt 1' }).waitFor();
      expect(await delivery('later').locator('.try-held').count()).toBe(0);
      await delivery('later').getByRole('button', { name: 'Send now' }).click();
      await page.getByText('It waits for its next try.').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click();
      await delivery('later').locator('.try', { hasText: 'Attempt 2' }).waitFor();
      await act('resume');
      await delivery('paused').getByText('delivered', { exact: true }).waitFor();
      expect(await delivery('paused').locator('.try-held').count()).toBe(0);
      expect(reader.faults).toEqual([]);
    });
  });
}
