/** What a piece of a mapping's output is compiled to, and what stands around it while it is. */
import type { Position, Problem } from '../../kit/problem.ts';
import type { YamlNode } from '../../kit/yaml.ts';
import type { Json } from '../../model/json.ts';
import type { Schema } from '../../model/schema.ts';
import type { CompileLogic } from '../logic.ts';
import type { Evaluate } from '../run.ts';

export interface StructureContext {
  /** Compiles a piece within this one. Undefined where something in it is wrong; every mistake is reported. */
  readonly compile: (node: YamlNode, context: StructureContext) => Structure | undefined;
  /** What can be read here. */
  readonly scope: Schema;
  readonly report: (problem: Problem) => void;
  /** Told of every path that is read. */
  readonly onPath: (steps: readonly string[], at: Position) => void;
  readonly compileLogic: CompileLogic;
  /** A table by name, which counts as used from then on; undefined where there is none. */
  readonly table: (name: string) => CompiledTable | undefined;
  readonly tableNames: () => readonly string[];
  /** A fragment by name, which counts as used from then on; undefined where there is none. */
  readonly fragment: (name: string) => Fragment | undefined;
  readonly fragmentNames: () => readonly string[];
  /** The fragments that this place is inside of, outermost first. */
  readonly inside: readonly string[];
  /** Counts compiled nodes over a mapping, so that fragments within fragments cannot multiply without bound. */
  readonly size: { nodes: number };
}

export interface CompiledTable {
  readonly rows: ReadonlyMap<string, Json>;
  /** Of a row; undefined where the table cannot be read, which has been said. */
  readonly schema: Schema | undefined;
  /** Where a row is written, or one cell of it; undefined for a CSV file, whose cells are all text. For mistakes only: it holds the whole tree. */
  readonly placeOf: ((key: string, column: string | undefined) => Position) | undefined;
}

/** What a value is taken out of. */
export interface TableRead extends CompiledTable {
  readonly name: string;
  /** Undefined where the whole row is. */
  readonly column: string | undefined;
}

export interface Fragment {
  readonly name: string;
  readonly at: Position;
  readonly body: YamlNode;
}

/** A compiled piece with what is known of its value. `evaluate` gives `undefined` where the key is to be left out. */
export interface Structure {
  readonly evaluate: Evaluate;
  readonly at: Position;
  readonly schema: Schema;
  /** The key may be left out. */
  readonly omits: boolean;
  /** Of a text with `${…}` in it: what stands before, between and behind its values. */
  readonly texts?: readonly string[];
  /** Of a written object. */
  readonly fields?: ReadonlyMap<string, WrittenField>;
  /** Of a written list. */
  readonly items?: readonly Structure[];
  /** Of `$each`. */
  readonly each?: Structure;
  /** Of a value out of a table. */
  readonly table?: TableRead;
  /** Of `$if`, `$switch`, `$table`: any of these. */
  readonly branches?: readonly Structure[];
}

export interface WrittenField {
  readonly keyAt: Position;
  readonly structure: Structure;
}
