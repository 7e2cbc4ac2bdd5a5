/** YAML with `${…}` in it, in every way of writing that users know from other tools. */
import { describe, expect, it } from 'vitest';
import { member, plainValue, type YamlValue } from '../../src/kit/yaml.ts';
import { readMappingYaml } from '../../src/translate/read-mapping-yaml.ts';

const VALUE = '${data.a | default "x: {1, 2} # y"}';

function read(text: string): unknown {
  const { root, problems } = readMappingYaml(text, 'm.yaml');
  expect(problems).toEqual([]);
  return root && plainValue(root);
}

describe('an expression in YAML', () => {
  const ways: readonly [way: string, yaml: string, value: unknown][] = [
    ['plain', `a: ${VALUE}`, { a: VALUE }],
    ['in a flow map', `{ a: ${VALUE}, b: 1 }`, { a: VALUE, b: 1 }],
    ['in a flow list', `[${VALUE}, ${VALUE}]`, [VALUE, VALUE]],
    ['in double quotes', `a: "${VALUE}"`, { a: VALUE }],
    ['in double quotes with escapes', 'a: "${data.a | default \\"}\\"}"', { a: '${data.a | default "}"}' }],
    ['in single quotes', `a: '${VALUE}'`, { a: VALUE }],
    ['in single quotes with its own', "a: '${data.a | default 'x'}'", { a: "${data.a | default 'x'}" }],
    ['in single quotes with doubled ones', "a: '${data.a | default ''x''}'", { a: "${data.a | default 'x'}" }],
    ['in a block', `a: |\n  ${VALUE}\n  b`, { a: `${VALUE}\nb\n` }],
    ['in a folded block', `a: >-\n  ${VALUE}\n  b`, { a: `${VALUE} b` }],
    ['as an item', `- ${VALUE}`, [VALUE]],
    ['within text', `a: x/${VALUE}/y`, { a: `x/${VALUE}/y` }],
    ['beside a comment', `a: ${VALUE} # not this`, { a: VALUE }],
    ['unclosed', 'a: "${data.a"', { a: '${data.a' }],
    ['as the text $${', '{ a: $${data.a}, b: "$${data.a}" }', { a: '$${data.a}', b: '$${data.a}' }],
    ['as the text $${ that is never closed', "{ a: '$${', b: '}', c: 1 }", { a: '$${', b: '}', c: 1 }],
    ['behind a $', `{ a: "$$${VALUE}" }`, { a: `$$${VALUE}` }],
    ['beside signs of ours', 'a: "\uf8d0 ${data.a}"', { a: '\uf8d0 ${data.a}' }],
  ];
  it.each(ways)('reads it %s', (_, yaml, value) => {
    expect(read(yaml)).toEqual(value);
  });

  it('knows the place of every character', () => {
    const { root } = readMappingYaml(`x: 1\na: { b: "${VALUE}" }`, 'm.yaml');
    const leaf = member(member(root, 'a'), 'b') as YamlValue;
    expect(leaf.positionOf(VALUE.indexOf('default'))).toEqual({ file: 'm.yaml', line: 2, column: 21 });
  });

  it('shows what was written where YAML is wrong', () => {
    const { problems } = readMappingYaml('a: [ ${data.a | default "}"} ', 'm.yaml');
    expect(problems).toHaveLength(1);
    expect(`${problems[0]?.message}${problems[0]?.try}`).not.toMatch(/[\uf8d0-\uf8ef]/);
  });
});
