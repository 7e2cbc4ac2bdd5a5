/** `$use`: a piece of structure that several mappings share, filled in where it stands and checked against that place. */
import { nearest } from '../kit/problem.ts';
import type { YamlEntry, YamlMap } from '../kit/yaml.ts';
import { entry } from './control.ts';
import type { Evaluate } from './run.ts';
import { compileObject, compileStructure, type Structure, type StructureContext } from './structure.ts';

export function compileFragmentUse(node: YamlMap, context: StructureContext): Structure | undefined {
  const nameNode = (entry(node, '$use') as YamlEntry).value;
  const name = nameNode.kind === 'value' ? String(nameNode.value) : '';
  const fragment = context.fragment(name);
  if (!fragment) {
    const names = context.fragmentNames();
    const advice = nearest(name, names) ?? (names.join(', ') || 'declare it under fragments:');
    context.report({
      at: nameNode.at,
      code: 'MAPPING_UNKNOWN_FRAGMENT',
      message: `there is no fragment "${name}"`,
      try: advice,
    });
    return undefined;
  }
  if (context.inside.includes(name)) {
    const circle = [...context.inside.slice(context.inside.indexOf(name)), name].join(' → ');
    context.report({
      at: nameNode.at,
      code: 'MAPPING_FRAGMENT_CYCLE',
      message: `this fragment uses itself: ${circle}`,
    });
    return undefined;
  }
  const given = compileGiven(node, context);
  if (given === 'wrong') return undefined;
  const properties = { ...context.scope.properties, ...(given && { with: given.schema }) };
  const required = [...(context.scope.required ?? []), ...(given ? ['with'] : [])];
  if (!given) delete (properties as Record<string, unknown>).with;
  const inner = { ...context, scope: { ...context.scope, properties, required }, inside: [...context.inside, name] };
  const body = compileStructure(fragment.body, inner);
  if (!body) return undefined;
  const evaluate: Evaluate = (run) => {
    const outer = run.scope;
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

function compileGiven(node: YamlMap, context: StructureContext): Structure | 'wrong' | undefined {
  const where = entry(node, 'with')?.value;
  if (!where) return undefined;
  if (where.kind === 'map') return compileObject(where, context) ?? 'wrong';
  context.report({
    at: where.at,
    code: 'MAPPING_SHAPE',
    message: 'with holds names and values',
    try: 'with: { url: ${data.url} }',
  });
  return 'wrong';
}
