/** A door in a process of its own, for the memory test: says its port, then its highest memory (in bytes) whenever it is asked. */
import { json } from '../../src/formats/json/index.ts';
import { makeSource, runDoor } from './run-door.ts';

const door = await runDoor([makeSource({ name: 'json' })], { formats: [json] });
process.send?.({ port: door.port });
process.on('message', () => process.send?.({ highest: process.resourceUsage().maxRSS * 1024 }));
