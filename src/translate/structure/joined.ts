/** Text with `${…}` in it: its values are joined to one text, and a `?` that finds nothing leaves all of it out. */
import type { Position } from '../../kit/problem.ts';
import type { YamlValue } from '../../kit/yaml.ts';
import { compileExpression } from '../expression/compile.ts';
import type { CompiledExpression } from '../expression/compiled.ts';
import { textOf } from '../operators/convert.ts';
import { type Evaluate, MISSING, MOST_TEXT, placed, type Run, spendText } from '../run.ts';
import type { TemplatePart } from '../template.ts';
import { presentTypes, typeName } from '../value-types.ts';
import { expressionContext } from './expression-context.ts';
import { missingValue, reportOptional } from './missing.ts';
import type { Structure, StructureContext } from './structure.ts';

interface Piece {
  readonly make: string | Evaluate;
  readonly omits: boolean;
}

export function compileJoined(
  node: YamlValue,
  parts: readonly TemplatePart[],
  context: StructureContext,
): Structure | undefined {
  const { at } = node;
  const compiled = parts.map((part) =>
    part.kind === 'text' ? { make: part.text, omits: false } : compilePiece(node, part, context),
  );
  const pieces = compiled.filter((piece) => piece !== undefined);
  if (pieces.length < compiled.length) return undefined;
  const makes = pieces.map((piece) => piece.make);
  const evaluate: Evaluate = (run) => {
    const text = join(run, makes);
    if (text !== undefined && text.length > 256) spendJoined(run, text.length, at);
    if (run.trace !== null) run.trace.leaf(at, text);
    return text;
  };
  const omits = pieces.some((piece) => piece.omits);
  return { evaluate, at, schema: { type: 'string' }, omits, texts: textsAround(parts) };
}

function textsAround(parts: readonly TemplatePart[]): string[] {
  const texts = [''];
  for (const part of parts) {
    if (part.kind === 'expression') texts.push('');
    else texts.push(`${texts.pop()}${part.text}`);
  }
  return texts;
}

function compilePiece(
  node: YamlValue,
  part: { readonly text: string; readonly at: number },
  context: StructureContext,
): Piece | undefined {
  const at = node.positionOf(part.at);
  const compiled = compileExpression(part.text, expressionContext(node, part.at, context));
  if (!compiled || !isJoinable(compiled, at, context)) return undefined;
  reportOptional(compiled, context);
  return { make: readPiece(compiled, at), omits: compiled.omits };
}

function isJoinable({ schema }: CompiledExpression, at: Position, { report }: StructureContext): boolean {
  const unfit = presentTypes(schema)?.find((type) => type === 'object' || type === 'array');
  if (unfit === undefined) return true;
  const message = `${typeName(unfit)} cannot be joined to a text`;
  report({ at, code: 'MAPPING_FIELD_TYPE', message, try: unfit === 'array' ? '| join ","' : '| json' });
  return false;
}

function readPiece(compiled: CompiledExpression, at: Position): Evaluate {
  const read = compiled.evaluate;
  return (run) => {
    const value = read(run);
    if (typeof value === 'string' || value === undefined) return value;
    if (value === MISSING) throw missingValue(compiled, run, at);
    try {
      return textOf(value);
    } catch (error) {
      throw placed(error, at);
    }
  };
}

/** Stops joining where the text is too long to be let through. */
function join(run: Run, makes: readonly (string | Evaluate)[]): string | undefined {
  let text = '';
  for (let i = 0; i < makes.length; i++) {
    const make = makes[i] as string | Evaluate;
    const piece = typeof make === 'string' ? make : make(run);
    if (piece === undefined) return undefined;
    text += piece as string;
    if (text.length > MOST_TEXT) return text;
  }
  return text;
}

function spendJoined(run: Run, length: number, at: Position): void {
  try {
    spendText(run.meter, length);
  } catch (error) {
    throw placed(error, at);
  }
}
