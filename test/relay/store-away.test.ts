/** What a relay says while its store is away, and it is the relay itself that asks. */
import { renameSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startInProcess } from '../flow/relay-in-process.ts';
import { createHome } from '../flow/relay-process.ts';

it('says that the store is away, and nothing of a defect, where it looks at the sums meanwhile', async () => {
  using home = createHome('sources: { bsr: { format: bsr } }\ntargets: {}\nrules: []\n');
  await using running = await startInProcess(home);
  renameSync(home.database, `${home.database}.aside`);
  const read = (): boolean => running.happened.some(({ error }) => String(error).includes('the store cannot be read'));
  await running.advanceUntil(read, 100);
  renameSync(`${home.database}.aside`, home.database);
  expect(running.happened.filter(({ what }) => what === 'relay.defect')).toEqual([]);
  expect(running.happened.map(({ what }) => what)).toContain('store.unavailable');
});
