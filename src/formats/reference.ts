/** The formats as a page of Markdown, from their own definitions. */
import type { EventType, Format } from '../model/format.ts';
import { type Schema, typesOf } from '../model/schema.ts';

export function formatReference(formats: Iterable<Format>): string {
  return [...formats].map(formatSection).join('\n');
}

function formatSection(format: Format): string {
  const options = [...optionRows('source', format.sourceOptions), ...optionRows('target', format.targetOptions)];
  const events = Object.entries(format.events).map(([name, event]) => eventSection(name, event));
  const table = options.length > 0 ? `| option | of a | is |\n|---|---|---|\n${options.join('\n')}\n\n` : '';
  return `## \`${format.name}\`: ${format.title}\n\n${format.about}\n\n${table}${events.join('\n')}`;
}

function optionRows(owner: string, schema: Schema | undefined): string[] {
  return Object.entries(schema?.properties ?? {}).map(
    ([name, option]) => `| \`${name}\` | ${owner} | ${cell(option.description ?? '')} |`,
  );
}

function eventSection(name: string, event: EventType): string {
  const names = [
    ...new Set([...Object.keys(event.read.properties ?? {}), ...Object.keys(event.write.properties ?? {})]),
  ];
  const rows = names.map((field) => fieldRow(field, event)).join('\n');
  const fields = rows === '' ? '' : `| \`data.…\` | type | as read | as written | |\n|---|---|---|---|---|\n${rows}\n`;
  return `### \`${name}\`\n\n${event.about}\n\n${fields}`;
}

function fieldRow(name: string, { read, write }: EventType): string {
  const schema = read.properties?.[name] ?? write.properties?.[name] ?? {};
  return `| \`${name}\` | ${cell(typeText(schema))} | ${presence(read, name, 'always')} | ${presence(write, name, 'required')} | ${cell(schema.description ?? '')} |`;
}

function presence(schema: Schema, name: string, word: string): string {
  if (!schema.properties?.[name]) return '';
  return schema.required?.includes(name) ? word : 'optional';
}

function typeText(schema: Schema): string {
  if (schema.enum) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(', ');
  const types = typesOf(schema)?.join(' or ') ?? 'any';
  return schema.items ? `${types} of ${typeText(schema.items)}` : types;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
