/** A reference: the relay as it is, with a store behind the port that keeps nothing. */
import { createLog } from '../../../src/observe/log.ts';
import { startRelay } from '../../../src/relay.ts';
import { openNoStore } from './no-store.ts';

await startRelay({
  configPath: process.argv[2] as string,
  env: process.env,
  version: '0.0.0',
  openStore: async () => openNoStore(),
  createLog: (_, secrets) => createLog({ level: 'info', pretty: false, color: false, stream: process.stdout, secrets }),
});
process.on('SIGTERM', () => process.exit(0));
