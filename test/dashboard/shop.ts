/** A format that its owner made up: what comes is read with the source's options, so the pages have to name the source. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Request } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { TranslateRequest } from '../../src/admin/api-schema.ts';
import { createHome, startRelay } from '../flow/relay-process.ts';
import { post } from '../flow/sender.ts';
import { openReader } from './browser.ts';
import type { Rig } from './rig.ts';

const CONFIG = `
sources: { shop: { format: json, type: kind, id: id } }
targets:
  till: { format: json, url: "inspector:till" }
  scale: { format: json, url: "inspector:scale" }
rules:
  - { name: orders, from: shop, on: order, to: till, translate: shop }
  - { name: heavy, from: shop, on: parcel, when: { ">": [{ var: data.weight }, 1] }, to: scale }
`;
const MAPPING = `
from: json
to: json
translate:
  order: { body: { ordered: "\${data.item}" } }
  "*": { drop: the till takes orders only }
`;

async function startShop() {
  const home = createHome(CONFIG);
  writeFileSync(join(home.folder, 'mappings/shop.yaml'), MAPPING);
  const relay = await startRelay(home);
  return {
    relay,
    async send(payload: unknown): Promise<string> {
      const { body } = await post(`${relay.serverUrl}/in/shop`, JSON.stringify(payload));
      return (JSON.parse(body) as { id: string }).id;
    },
    async [Symbol.asyncDispose]() {
      relay.kill();
      await relay.exited;
      home.remove();
    },
  };
}

function isTranslation(request: Request): boolean {
  return request.url().endsWith('/api/translate');
}

function asked(request: Request): TranslateRequest {
  return request.postDataJSON() as TranslateRequest;
}

export function describeShop(rig: () => Rig): void {
  describe('a format of its owner’s own', () => {
    it('is tried in the playground as the relay translated it: the stored event, with the options of source and target', async () => {
      await using shop = await startShop();
      const id = await shop.send({ kind: 'order', id: 'o-1', item: 'tea' });
      await using reader = await openReader(rig().browser, { url: shop.relay.adminUrl });
      const { page } = reader;
      await reader.open(`#/events/${id}`);
      const tried = page.waitForRequest(isTranslation);
      await page.getByRole('link', { name: 'Open in the playground' }).click();
      expect(asked(await tried)).toMatchObject({ source: 'shop', target: 'till', event: { id } });
      await page.locator('.playground-result', { hasText: '"ordered": "tea"' }).waitFor();
      await page.getByLabel('Save what you see as a test').fill('tea is ordered');
      await page.getByRole('button', { name: 'Save test' }).click();
      await page.getByText('Written to').waitFor();
      await page.getByText('1 of 1 pass').waitFor();

      // the saved test has the page ask once more for what it shows
      const edited = page.waitForRequest((request) => isTranslation(request) && 'body' in asked(request).event);
      const payload = '{"kind":"order","id":"o-2","item":"coffee"}';
      await page.getByLabel('Payload as it comes').fill(payload);
      const { source, event } = asked(await edited);
      expect(source).toBe('shop');
      expect(event).toMatchObject({ body: payload });
      await page.locator('.playground-result', { hasText: '"ordered": "coffee"' }).waitFor();
    });

    it('names neither source nor target for a mapping between other formats', async () => {
      await using shop = await startShop();
      const id = await shop.send({ kind: 'order', id: 'o-1', item: 'tea' });
      await using reader = await openReader(rig().browser, { url: shop.relay.adminUrl });
      const { page } = reader;
      await reader.open(`#/playground?mapping=shop&event=${id}&source=shop&target=till`);
      await page.locator('.playground-result', { hasText: '"ordered": "tea"' }).waitFor();
      const tried = page.waitForRequest(isTranslation);
      await page.getByRole('combobox', { name: 'Mapping' }).selectOption('bsr-to-sigma');
      expect(asked(await tried)).not.toHaveProperty('source');
      expect(asked(await tried)).not.toHaveProperty('target');
      expect(asked(await tried).event).toHaveProperty('body');
      await page.locator('.playground-result .request-line').first().waitFor();
    });

    it('offers to send what was handed on and died before it was tried', async () => {
      await using shop = await startShop();
      // a weight that no filter can compare
      const id = await shop.send({ kind: 'parcel', id: 'p-1', weight: { valueOf: 1, toString: 1 } });
      await using reader = await openReader(rig().browser, { url: shop.relay.adminUrl });
      const { page } = reader;
      await reader.open(`#/events/${id}`);
      const delivery = page.locator('.delivery', { hasText: 'scale' });
      await delivery.getByText('LOGIC_FAILED').waitFor();
      await delivery.getByRole('button', { name: 'Send again' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('Nothing has been sent so far.').waitFor();
      await dialog.getByRole('button', { name: 'Send', exact: true }).click();
      await delivery.locator('.try', { hasText: 'Attempt 1' }).locator('.try-result', { hasText: '200' }).waitFor();
    });
  });
}
