/** A terminal that shows no secret of the configuration: for what was received, made of it and sent. */
import { createMask } from '../admin/mask.ts';
import { loadConfig } from '../config/load.ts';
import { formats } from '../formats/index.ts';
import type { Terminal } from './terminal.ts';

/** Everything that is printed is masked as the admin side does it; a configuration that cannot be read has nothing to mask. */
export function maskedTerminal(terminal: Terminal, options: Record<string, unknown>): Terminal {
  const { secrets } = loadConfig({ path: String(options.config), env: process.env, formats });
  const mask = createMask(() => secrets);
  return {
    ...terminal,
    print: (text) => terminal.print(mask(text)),
    complain: (text) => terminal.complain(mask(text)),
    json: (value) => terminal.json(mask(value)),
  };
}
