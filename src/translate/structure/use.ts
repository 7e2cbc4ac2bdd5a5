/** `{ $use: fragment, with: {…} }`: a piece that several mappings share, filled in where it stands and checked against that place. */
import { nearest, type Problem } from '../../kit/problem.ts';
import type { YamlMap } from '../../kit/yaml.ts';
import type { Schema } from '../../model/schema.ts';
import { NOT_GIVEN } from '../expression/unknown-path.ts';
import type { Evaluate } from '../run.ts';
import { entry, requiredEntry } from './keys.ts';
import { compileObject } from './object.ts';
import type { Fragment, Structure, StructureContext } from './structure.ts';

export function compileUse(node: YamlMap, context: StructureContext): Structure | undefined {
  const fragment = findFragment(node, context);
  const given = compileGiven(node, context);
  if (!fragment || given === 'wrong') return undefined;
  const body = compileBody(fragment, node, { given, context });
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

/** What the fragment reads and is not given, or is given and does not read, is told where it is used. */
function compileBody(
  { name, body }: Fragment,
  node: YamlMap,
  { given, context }: { readonly given: Structure | undefined; readonly context: StructureContext },
): Structure | undefined {
  const lacking = new Map<string, Problem>();
  const unread = new Map([...(given?.fields ?? [])].map(([key, { keyAt }]) => [key, keyAt]));
  let hasMistakes = false;
  const compiled = context.compile(body, {
    ...context,
    scope: scopeWith(context.scope, given),
    inside: [...context.inside, name],
    report(problem) {
      hasMistakes = true;
      if (problem.code === NOT_GIVEN) lacking.set(problem.message, problem);
      else context.report(problem);
    },
    onPath(steps, at) {
      const [root, first] = steps;
      if (root !== 'with') context.onPath(steps, at);
      else if (first === undefined) unread.clear();
      else unread.delete(first);
    },
  });
  const { at } = requiredEntry(node, '$use').value;
  const [missing, ...others] = lacking.values();
  const [[misspelt, misspeltAt] = [undefined, at]] = unread;
  if (missing && misspelt !== undefined && others.length === 0 && unread.size === 1) {
    context.report({ ...missing, at: misspeltAt, message: `${missing.message}, and does not read with.${misspelt}` });
  } else {
    for (const problem of lacking.values()) context.report({ ...problem, at });
    for (const [key, keyAt] of hasMistakes ? [] : unread) {
      const message = `the fragment ${name} does not read with.${key}`;
      context.report({ at: keyAt, code: 'MAPPING_UNKNOWN_KEY', message, try: `taking ${key} away` });
    }
  }
  return hasMistakes || unread.size === 0 ? compiled : undefined;
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
