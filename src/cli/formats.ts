/** `dragoman formats [NAME]`: the catalogue of formats, their events, fields and samples, from their definitions. */
import { formats } from '../formats/index.ts';
import type { EventType, Format } from '../model/format.ts';
import { type Schema, typesOf } from '../model/schema.ts';
import { formatNamed } from './format-named.ts';
import { type Terminal, table } from './terminal.ts';

interface Input {
  readonly args: readonly string[];
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}

export function run({ args, options, terminal }: Input): void {
  const wanted = args[0] === undefined ? [...formats.values()] : [formatNamed(args[0])];
  if (options.json) terminal.json(args[0] === undefined ? wanted.map(described) : described(wanted[0] as Format));
  else if (args[0] === undefined) terminal.print(table([['FORMAT', 'EVENTS', 'TITLE'], ...wanted.map(row)]));
  else for (const format of wanted) terminal.print(page(format, terminal));
}

/** A format as data: without its functions. */
function described({ read: _read, refuses: _refuses, write: _write, ...data }: Format): object {
  return data;
}

function page(format: Format, terminal: Terminal): string {
  const title = terminal.paint('bold', `${format.name}: ${format.title}`);
  return [title, format.about, ...optionLines(format), ...eventLines(format, terminal)].join('\n');
}

function row(format: Format): string[] {
  return [format.name, String(Object.keys(format.events).length), format.title];
}

function optionLines(format: Format): string[] {
  const lines = (kind: string, schema: Schema | undefined): string[] =>
    Object.entries(schema?.properties ?? {}).map(
      ([name, option]) => `  ${kind} option ${name}: ${option.description ?? ''}`,
    );
  return [...lines('source', format.sourceOptions), ...lines('target', format.targetOptions)];
}

function eventLines(format: Format, terminal: Terminal): string[] {
  return Object.entries(format.events).flatMap(([name, event]) => [
    '',
    `${terminal.paint('bold', name)}  ${event.about}`,
    table(fieldRows(event)),
    terminal.paint('dim', `  samples: ${event.samples.map((sample) => sample.name).join(', ') || 'none'}`),
  ]);
}

function fieldRows(event: EventType): string[][] {
  const names = new Set([...Object.keys(event.read.properties ?? {}), ...Object.keys(event.write.properties ?? {})]);
  return [...names].map((name) => {
    const schema = event.read.properties?.[name] ?? event.write.properties?.[name] ?? {};
    const read = event.read.properties?.[name] ? (event.read.required?.includes(name) ? 'read' : 'read?') : '';
    const write = event.write.properties?.[name] ? (event.write.required?.includes(name) ? 'write' : 'write?') : '';
    return [`  data.${name}`, typeText(schema), [read, write].filter(Boolean).join(' '), schema.description ?? ''];
  });
}

function typeText(schema: Schema): string {
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join('|');
  const types = typesOf(schema)?.join('|') ?? 'any';
  return schema.items ? `${types} of ${typeText(schema.items)}` : types;
}
