/** JSON line by line; a line that belongs to others lights up with them under the mouse, in focus, or held by a click. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { JsonLine } from '../../show/json-lines.ts';
import { useWords } from '../../show/use-words.ts';
import type { FieldLinks } from './field-links.ts';

export interface Linking {
  readonly links: FieldLinks;
  readonly lit: ReadonlySet<string>;
  readonly held: string | null;
}

export const LinkingContext = createContext<Linking>({
  links: { with: (key) => new Set([key]), isLinked: () => false },
  lit: new Set(),
  held: null,
});

export interface LinkedLinesProps {
  readonly lines: readonly JsonLine[];
  /** The key of a line for its path; the path itself by default. */
  readonly keyOf?: (path: string) => string;
}

export function LinkedLines({ lines, keyOf = (path) => path }: LinkedLinesProps) {
  return (
    <div class="json">
      {lines.map((line, index) => (
        <Line key={`${index} ${line.path}`} line={line} lineKey={keyOf(line.path)} />
      ))}
    </div>
  );
}

function Line({ line, lineKey }: { readonly line: JsonLine; readonly lineKey: string }) {
  const { t, count } = useWords();
  const { links } = useContext(LinkingContext);
  if (line.kind === 'rest')
    return (
      <div class="json-line">
        <span class="json-mark">{t.event.moreLines(count(Number(line.text)))}</span>
      </div>
    );
  const isLinked = line.kind === 'leaf' && links.isLinked(lineKey);
  const inside = (
    <>
      {line.name !== null && (
        <>
          <span class="json-name">{JSON.stringify(line.name)}</span>
          <span class="json-mark">: </span>
        </>
      )}
      <span class={line.kind === 'leaf' ? 'json-value' : 'json-mark'}>{line.text}</span>
      {line.hasComma && <span class="json-mark">,</span>}
    </>
  );
  return (
    <LinkedRow lineKey={lineKey} isLinked={isLinked} depth={line.depth}>
      {inside}
    </LinkedRow>
  );
}

export interface LinkedRowProps {
  readonly lineKey: string;
  readonly isLinked: boolean;
  readonly depth?: number;
  readonly children: preact.ComponentChildren;
}

/** A line: a button where it is joined to others, so that the keyboard reaches it. */
export function LinkedRow({ lineKey, isLinked, depth = 0, children }: LinkedRowProps) {
  const { lit, held } = useContext(LinkingContext);
  const style = { '--depth': depth };
  if (!isLinked)
    return (
      <div class="json-line" style={style}>
        {children}
      </div>
    );
  const marks = `json-line is-linked${lit.has(lineKey) ? ' is-lit' : ''}`;
  return (
    <button type="button" class={marks} style={style} data-line={lineKey} aria-pressed={held === lineKey}>
      {children}
    </button>
  );
}
