/** The reference of every key as Markdown, made of the same definitions that check the file. */
import type { Format } from '../model/format.ts';
import type { Schema } from '../model/schema.ts';
import { root } from './keys/root.ts';
import type { Key, Keys, Shape } from './shape.ts';

interface Row {
  readonly name: string;
  readonly expects: string;
  readonly preset: string;
  readonly about: string;
}

const PLACEHOLDERS = `Text may hold \`\${env:NAME}\`, \`\${env:NAME:-default}\` or \`\${file:/run/secrets/name}\`, which are filled in once the YAML is
read. Where \`\${\` itself is meant, its \`$\` is written twice, as in mappings: \`$\${\` is that text, and \`$$\${env:NAME}\` a \`$\` before what is
filled in. Any other \`$\` stands as it is. A variable is what it was when the relay started; a file is read whenever the configuration is.`;

/** One table a section, in the order of the file: key, what it may hold, default, what it is for. */
export function configReference(formats: ReadonlyMap<string, Format>): string {
  const sections = Object.entries(root.keys ?? {}).map(([name, key]) => {
    // One that may also be written short has a row of its own above those of its keys.
    const rows = hasKeys(key.shape)
      ? rowsOf(key.shape, '')
      : [rowOf(name, key), ...(keysOf(key.shape) ? rowsOf(key.shape, `${name}.`) : [])];
    const options = name === 'sources' || name === 'targets' ? optionRows(name, formats) : [];
    const heading = key.shape.each && hasKeys(key.shape) ? `${name}${isNamed(key.shape) ? '.NAME' : '[]'}` : name;
    return [`### \`${heading}\``, '', key.about, '', ...table([...rows, ...options])].join('\n');
  });
  return `${[PLACEHOLDERS, ...sections].join('\n\n')}\n`;
}

/** The keys of an object, of each member of a list of objects, and of the objects in them. */
function rowsOf(shape: Shape<unknown>, prefix: string): Row[] {
  const keys: Keys = keysOf(shape) ?? {};
  return Object.entries(keys).flatMap(([name, key]) => {
    const path = `${prefix}${name}`;
    const inner = keysOf(key.shape);
    return inner && !key.shape.each ? [rowOf(path, key), ...rowsOf(key.shape, `${path}.`)] : [rowOf(path, key)];
  });
}

function rowOf(name: string, key: Key<unknown>): Row {
  const isEmptyObject = typeof key.preset === 'object' && JSON.stringify(key.preset) === '{}';
  const written = key.preset === undefined || isEmptyObject ? '' : `\`${flow(key.preset)}\``;
  return { name, expects: key.shape.expects, preset: key.isRequired ? 'required' : written, about: key.about };
}

function optionRows(section: 'sources' | 'targets', formats: ReadonlyMap<string, Format>): Row[] {
  return [...formats.values()].flatMap((format) => {
    const schema = section === 'sources' ? format.sourceOptions : format.targetOptions;
    return Object.entries(schema?.properties ?? {}).map(([name, option]) => ({
      name,
      expects: expectsOf(option),
      preset: schema?.required?.includes(name) ? 'required' : '',
      about: `Format ${format.name}: ${option.description ?? ''}`,
    }));
  });
}

function expectsOf(schema: Schema): string {
  if (schema.enum) return `one of ${[...new Set(schema.enum.map(String))].join(', ')}`;
  if (schema.anyOf)
    return schema.anyOf.some((one) => one.type === 'object') ? 'text, or keys and values' : 'several types';
  return typeof schema.type === 'string' ? schema.type : 'any value';
}

function keysOf(shape: Shape<unknown>): Keys | undefined {
  return shape.keys ?? shape.each?.keys;
}

function hasKeys(shape: Shape<unknown>): boolean {
  return keysOf(shape) !== undefined && shape.expects.startsWith('sqlite') === false;
}

function isNamed(shape: Shape<unknown>): boolean {
  return 'propertyNames' in shape.schema;
}

/** A value as one would write it on a line of YAML. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function table(rows: readonly Row[]): string[] {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  return [
    '| key | is | default | |',
    '|---|---|---|---|',
    ...rows.map((row) => `| \`${row.name}\` | ${cell(row.expects)} | ${cell(row.preset)} | ${cell(row.about)} |`),
  ];
}
