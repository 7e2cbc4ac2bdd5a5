/** CSV as RFC 4180 has it, for tables: commas, quotes doubled inside quotes, any line end, no empty lines. */

export interface CsvRow {
  /** On which it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
  /** A quote in it is never closed, and has swallowed the rest of the file. */
  readonly isOpen: boolean;
}

/** The rows with their cells; the first is the header. A byte order mark is skipped. */
export function readCsv(text: string): CsvRow[] {
  const rows: CsvRow[] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  let line = 1;
  let next = 1;
  const end = (): void => {
    row.push(cell);
    if (row.length > 1 || cell !== '') rows.push({ line, cells: row, isOpen: quoted });
    row = [];
    cell = '';
    line = next;
  };
  const body = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  for (let i = 0; i < body.length; i++) {
    const character = body[i] as string;
    if (character === '\n') next++;
    if (quoted) {
      if (character !== '"') cell += character;
      else if (body[i + 1] === '"') cell += body[++i];
      else quoted = false;
    } else if (character === '"' && cell === '') quoted = true;
    else if (character === ',') {
      row.push(cell);
      cell = '';
    } else if (character === '\n') end();
    else cell += character;
  }
  end();
  return rows;
}
