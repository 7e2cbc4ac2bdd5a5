/** `{ $use: fragment, with: {…} }`: a piece that several mappings share, filled in where it stands and checked against that place. */
import { nearest } from '../../kit/problem.ts';
import type { YamlMap } from '../../kit/yaml.ts';
import type { Schema } from '../../model/schema.ts';
import type { Evaluate } from '../run.ts';
import { entry, requiredEntry } from './keys.ts';
import { compileObject } from './object.ts';
import type { Fragment, Structure, StructureContext } from './structure.ts';

export function compileUse(node: YamlMap, context: StructureContext): Structure | undefined {
  const fragment = findFragment(node, context);
  const given = compileGiven(node, context);
  if (!fragment || given === 'wrong') return undefined;
  const inside = [...context.inside, fragment.name];
  const body = context.compile(fragment.body, { ...context, scope: scopeWith(context.scope, given), inside });
  if (!body) return undefined;
  const evaluate: Evaluate = (run) => {
    const outer = run.scope;
    // What is given counts where it is used: there its paths would only be traced a second time.
    const silent = given && run.trace !== null ? { ...run, trace: null } : run;
    run.scope = { ...outer, with: given?.evaluate(silent) };
    try {
      return body.evaluate(run);
    } finally {
      run.scope = outer;
    }
  };
  return { ...body, evaluate };
}

function findFragment(node: YamlMap, context: StructureContext): Fragment | undefined {
  const { value } = requiredEntry(node, '$use');
  const name = value.kind === 'value' ? String(value.value) : '';
  const fragment = context.fragment(name);
  if (!fragment) {
    const names = context.fragmentNames();
    const advice = nearest(name, names) ?? (names.join(', ') || 'declare it under fragments:');
    const message = `there is no fragment "${name}"`;
    context.report({ at: value.at, code: 'MAPPING_UNKNOWN_FRAGMENT', message, try: advice });
    return undefined;
  }
  if (!context.inside.includes(name)) return fragment;
  const circle = [...context.inside.slice(context.inside.indexOf(name)), name].join(' → ');
  const message = `this fragment uses itself: ${circle}`;
  context.report({ at: value.at, code: 'MAPPING_FRAGMENT_CYCLE', message, try: 'take one of these uses away' });
  return undefined;
}

function compileGiven(node: YamlMap, context: StructureContext): Structure | 'wrong' | undefined {
  const where = entry(node, 'with')?.value;
  if (!where) return undefined;
  if (where.kind === 'map') return compileObject(where, context) ?? 'wrong';
  const message = 'with holds names and values';
  context.report({ at: where.at, code: 'MAPPING_SHAPE', message, try: 'with: { url: ${data.url} }' });
  return 'wrong';
}

/** A fragment sees what it is given, and never what the fragment around it was given. */
function scopeWith(scope: Schema, given: Structure | undefined): Schema {
  const { with: _outer, ...properties } = scope.properties ?? {};
  const required = (scope.required ?? []).filter((name) => name !== 'with');
  if (!given) return { ...scope, properties, required };
  return { ...scope, properties: { ...properties, with: given.schema }, required: [...required, 'with'] };
}
