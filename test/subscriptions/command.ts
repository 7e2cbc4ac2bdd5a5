/** Runs a command in this process and gives back what it printed. */
import { type Terminal, terminalOf } from '../../src/cli/terminal.ts';

type Run = (input: {
  readonly args: string[];
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}) => Promise<void>;

/** Each thing printed: values with `--json`, which is how it runs unless the options say otherwise, else texts. */
export async function command(run: Run, options: Record<string, unknown>, ...args: string[]): Promise<unknown[]> {
  const printed: unknown[] = [];
  const terminal = { ...terminalOf(process), color: false, paint: (_: unknown, text: string) => text };
  const print = (value: unknown): void => void printed.push(value);
  await run({ args, options: { json: true, ...options }, terminal: { ...terminal, print, json: print } });
  return printed;
}
