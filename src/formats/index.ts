/** The list of formats: a further one is a folder and a line here. */
import type { Format } from '../model/format.ts';
import { bsr } from './bsr/index.ts';
import { json } from './json/index.ts';
import { remotemonster } from './remotemonster/index.ts';
import { sigma } from './sigma/index.ts';
import { streamrec } from './streamrec/index.ts';

const all: readonly Format[] = [bsr, remotemonster, sigma, streamrec, json];

/** By the key in YAML, in the order of the documentation. */
export const formats: ReadonlyMap<string, Format> = new Map(all.map((format) => [format.name, format]));
