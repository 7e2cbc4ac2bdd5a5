import { describe, expect, it } from 'vitest';
import { type Terminal, terminalOf } from '../../src/cli/terminal.ts';

function terminalWith({ isTTY }: { readonly isTTY: boolean }): {
  readonly terminal: Terminal;
  readonly out: () => string;
} {
  let written = '';
  const write = (text: string): void => {
    written += text;
  };
  const stream = { isTTY, columns: 80, write };
  const process = { stdout: stream, stderr: stream, env: {} } as unknown as NodeJS.Process;
  return { terminal: terminalOf(process), out: () => written };
}

const TITLE = '\x1b]0;pwned\x07';

describe('the terminal', () => {
  it.each([
    ['an escape sequence', `a${TITLE}b`, 'a\\u001b]0;pwned\\u0007b\n'],
    ['its eight-bit form', 'a\u009b2Jb', 'a\\u009b2Jb\n'],
    ['a carriage return that would write over the line', 'dead\rdelivered', 'dead\\u000ddelivered\n'],
    ['what turns the direction of writing', 'a\u202eb\u2066c', 'a\\u202eb\\u2066c\n'],
    ['nothing of tabs, line ends and other languages', 'a\tb\nc\r\n中文 שלום', 'a\tb\nc\r\n中文 שלום\n'],
  ])('is shown %s that others wrote, spelled out', (_, text, shown) => {
    const printed = terminalWith({ isTTY: true });
    printed.terminal.print(text);
    expect(printed.out()).toBe(shown);
    const complained = terminalWith({ isTTY: false });
    complained.terminal.complain(text);
    expect(complained.out()).toBe(shown);
  });

  it('takes colours of what is painted only', () => {
    const colored = terminalWith({ isTTY: true });
    colored.terminal.print(colored.terminal.paint('red', `dead ${TITLE}`));
    expect(colored.out()).toBe('\x1b[31mdead \\u001b]0;pwned\\u0007\x1b[0m\n');
    const plain = terminalWith({ isTTY: false });
    plain.terminal.print('\x1b[31mdead');
    expect(plain.out()).toBe('\\u001b[31mdead\n');
  });

  it('writes JSON that reads the same', () => {
    const { terminal, out } = terminalWith({ isTTY: true });
    const value = { body: `${TITLE} \u009b31m \u202e \\u0041 中文` };
    terminal.json(value);
    expect(out()).not.toMatch(/[\x80-\x9f\u202e]/);
    expect(JSON.parse(out())).toEqual(value);
  });
});
