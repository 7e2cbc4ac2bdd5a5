/** A path of the event that stands in a mapping as text, without `${…}` or in the brackets of another language: nobody means the text. */
import { dottedSteps } from '../../kit/value-at.ts';
import { fieldAt, fieldNames, type Schema } from '../../model/schema.ts';
import { SCOPE_ROOT } from '../../model/scope-roots.ts';
import { lookUp } from '../expression/path.ts';

export interface PathAsText {
  /** As it stands there. */
  readonly written: string;
  readonly path: string;
  /** Where in the text it begins. */
  readonly index: number;
}

const PATH = String.raw`(${SCOPE_ROOT}(?:\.[A-Za-z_]\w*|\[\d+\])+)`;
const WHOLE = new RegExp(`^${PATH}\\??$`);
const BRACKETED = new RegExp(String.raw`\$\(\s*${PATH}\s*\)|(?<![$\w{])\{\s*${PATH}\s*\}|(?<!\$)\$${PATH}`);

/** `{{data.x | upper}}`, as Handlebars, Jinja and GitHub Actions have it. */
const DOUBLED = new RegExp(String.raw`(?<!\$)\$?\{\{\s*(${SCOPE_ROOT}[.[][^{}]*?)\s*\}\}`);

/** `text` without what stands in `${…}`. A text that is nothing but a path counts only where the schemas name the whole of it. */
export function pathAsText(text: string, scope: Schema): PathAsText | undefined {
  const [whole, bare] = WHOLE.exec(text) ?? [];
  if (whole !== undefined && bare !== undefined) {
    return isNamed(scope, dottedSteps(bare)) ? { written: whole, path: bare, index: 0 } : undefined;
  }
  const doubled = DOUBLED.exec(text);
  if (doubled?.[1] !== undefined) return { written: doubled[0], path: doubled[1], index: doubled.index };
  const found = BRACKETED.exec(text);
  const path = found?.slice(1).find((group) => group !== undefined);
  if (!found || path === undefined || lookUp(scope, dottedSteps(path)).kind === 'unknown') return undefined;
  return { written: found[0], path, index: found.index };
}

function isNamed(scope: Schema, steps: readonly string[]): boolean {
  return steps.every((step, index) => {
    const before = fieldAt(scope, steps.slice(0, index))?.schema;
    return before !== undefined && (/^\d+$/.test(step) || fieldNames(before).includes(step));
  });
}
