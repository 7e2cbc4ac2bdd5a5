/** `dragoman schema`: the JSON Schema of the configuration, for editors. */
import { configSchema } from '../config/json-schema.ts';
import { formats } from '../formats/index.ts';
import type { Terminal } from './terminal.ts';

export function run({ terminal }: { readonly terminal: Terminal }): void {
  terminal.print(JSON.stringify(configSchema(formats), null, 2));
}
