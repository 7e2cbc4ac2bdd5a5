/** A relay that has just been set up, behind a token: what its owner sees before the first event. */
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createHome, startRelay } from '../flow/relay-process.ts';
import { openReader } from './browser.ts';
import type { Rig } from './rig.ts';

const TOKEN = 'correct-horse-battery-staple';
const CONFIG = `
server: { host: 127.0.0.1, port: 0 }
admin: { host: 127.0.0.1, port: 0, token: ${TOKEN} }
store: sqlite:../data/relay.db
mappings: ../mappings
log: { format: json }
sources: { live: { format: sigma, path: /in/live } }
targets: { vod: { format: sigma, url: inspector:vod } }
rules: [{ name: all, from: live, to: vod }]
`;

export function describeFresh(rig: () => Rig): void {
  describe('a fresh relay behind a token', () => {
    it('says on every page what to do first, asks for the token once, and is live with it', async () => {
      using home = createHome('');
      writeFileSync(home.config, CONFIG);
      const relay = await startRelay(home);
      try {
        await using reader = await openReader(rig().browser, { url: relay.adminUrl, token: TOKEN });
        const { page } = reader;
        await reader.open('');
        await page.getByRole('heading', { level: 1, name: 'All is well' }).waitFor();
        const command = `npx dragoman send sigma/channel_ended --to ${relay.serverUrl}/in/live`;
        await page.getByText(command).waitFor();
        await reader.open('#/inspector');
        await page.getByText('No inspector has received anything').waitFor();
        await reader.open('#/targets');
        await page.getByRole('button', { name: 'Pause' }).click();
        await page.getByText('paused').waitFor();
        await reader.open('#/events');
        await page.getByText(command).waitFor();
        await page.locator('.live-dot.is-on').waitFor();
        expect(reader.faults).toEqual([]);
      } finally {
        relay.kill();
        await relay.exited;
      }
    });
  });
}
