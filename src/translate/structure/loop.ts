/** What `$each` goes through and what it calls an item, around a piece of output or around emissions. */
import type { YamlEntry, YamlMap } from '../../kit/yaml.ts';
import type { Schema } from '../../model/schema.ts';
import { SCOPE_ROOTS } from '../../model/scope-roots.ts';
import { itemsOf } from '../operators/operator.ts';
import { MISSING, placed, type Run, RunError, spend } from '../run.ts';
import { typeName, unfitType } from '../value-types.ts';
import { requiredEntry } from './keys.ts';
import { missingValue, reportOptional } from './missing.ts';
import type { StructureContext } from './structure.ts';
import { compileSubject } from './subject.ts';

export interface Loop {
  /** Undefined where the list is missing and may be. */
  readonly items: (run: Run) => readonly unknown[] | undefined;
  /** What an item is called inside. */
  readonly name: string;
  readonly inner: StructureContext;
  readonly omits: boolean;
}

/** Names that mean something else in an expression. */
const TAKEN = new Set<string>([...SCOPE_ROOTS, 'with', 'it', 'true', 'false', 'null']);

/** Of a map with the keys `$each` and `as`. */
export function compileLoop(node: YamlMap, context: StructureContext): Loop | undefined {
  const subject = requiredEntry(node, '$each').value;
  const list = compileSubject(subject, { bare: true }, context);
  const name = itemName(requiredEntry(node, 'as'), context);
  if (!list || name === undefined) return undefined;
  reportOptional(list, context);
  const unfit = unfitType(list.schema, ['array']);
  if (unfit !== undefined) {
    const message = `$each takes a list, and this is ${typeName(unfit)}`;
    const advice =
      unfit === 'string' ? '| split ",", or | list for a list of this one' : '| list, for a list of this one';
    context.report({ at: subject.at, code: 'MAPPING_SUBJECT', message, try: advice });
    return undefined;
  }
  const properties = { ...context.scope.properties, [name]: itemsOf(list.schema) };
  const scope: Schema = { ...context.scope, properties, required: [...(context.scope.required ?? []), name] };
  const items = (run: Run): readonly unknown[] | undefined => {
    const value = list.evaluate(run);
    if (value === undefined) return undefined;
    if (value === MISSING) throw missingValue(list, run, subject.at);
    if (!Array.isArray(value))
      throw new RunError('MAPPING_BAD_VALUE', '$each takes a list, and this is none', subject.at);
    return allowed(value, run, subject.at);
  };
  return { items, name, inner: { ...context, scope }, omits: list.omits };
}

function allowed(items: readonly unknown[], run: Run, at: RunError['at']): readonly unknown[] {
  try {
    spend(run.meter, items.length);
    return items;
  } catch (error) {
    throw placed(error, at);
  }
}

function itemName({ value }: YamlEntry, { scope, report }: StructureContext): string | undefined {
  const name = value.kind === 'value' && typeof value.value === 'string' ? value.value : '';
  const isFree = !TAKEN.has(name) && !Object.hasOwn(scope.properties ?? {}, name);
  if (isFree && /^[A-Za-z_]\w*$/.test(name)) return name;
  const message = 'the item needs a name of its own: letters, digits and _';
  report({ at: value.at, code: 'MAPPING_NAME', message, try: 'as: item' });
  return undefined;
}

/** Calls `each` with the scope of every item in turn, until it gives true. */
export function overItems(
  run: Run,
  items: readonly unknown[],
  name: string,
  each: (index: number) => boolean,
): boolean {
  const outer = run.scope;
  try {
    for (let i = 0; i < items.length; i++) {
      run.scope = { ...outer, [name]: items[i] };
      if (each(i)) return true;
    }
    return false;
  } finally {
    run.scope = outer;
  }
}
