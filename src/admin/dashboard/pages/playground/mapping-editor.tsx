/** The editor of a mapping: YAML in colours, with each problem at its place. */
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState, type Extension, type Text } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'preact/hooks';
import type { Problem } from '../../../api-schema.ts';

export interface MappingEditorProps {
  /** What it begins with; from then on the editor knows best. Another text needs another `key`. */
  readonly initial: string;
  readonly change: (text: string) => void;
  readonly problems: readonly Problem[];
  readonly label: string;
}

/** What jumps to a place of the text, for a list of problems beside the editor. */
export const GO_TO_LINE = 'dragoman:go-to-line';

export function MappingEditor({ initial, change, problems, label }: MappingEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef(change);
  latest.current = change;

  // An editor begins with its text once.
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    // Within a shadow root the editor's styles are constructed sheets, which a CSP without inline styles allows.
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    const state = EditorState.create({ doc: initial, extensions: extensionsOf(label, (next) => latest.current(next)) });
    const made = new EditorView({ state, parent: root, root });
    view.current = made;
    const goTo = (event: Event): void => {
      const { line, column } = (event as CustomEvent<{ line: number; column: number }>).detail;
      const at = offsetOf(made.state.doc, line, column);
      made.dispatch({ selection: { anchor: at }, scrollIntoView: true });
      made.focus();
    };
    element.addEventListener(GO_TO_LINE, goTo);
    return () => {
      element.removeEventListener(GO_TO_LINE, goTo);
      made.destroy();
    };
  }, [label]);

  useEffect(() => {
    const editor = view.current;
    if (editor) editor.dispatch(setDiagnostics(editor.state, diagnosticsOf(problems, editor.state.doc)));
  }, [problems]);

  return <div class="editor" ref={host} data-editor />;
}

function extensionsOf(label: string, change: (text: string) => void): Extension {
  return [
    lineNumbers(),
    history(),
    drawSelection(),
    indentOnInput(),
    indentUnit.of('  '),
    bracketMatching(),
    highlightActiveLine(),
    lintGutter(),
    yaml(),
    syntaxHighlighting(colours),
    theme,
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' }),
    keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) change(update.state.doc.toString());
    }),
  ];
}

/** A problem marks the word that it stands at, or the rest of its line. */
function diagnosticsOf(problems: readonly Problem[], doc: Text): Diagnostic[] {
  return problems.map(({ at, message, try: advice, code }) => {
    const from = at ? offsetOf(doc, at.line, at.column) : 0;
    const rest = doc.sliceString(from, doc.lineAt(from).to);
    const word = /^[^\s,:}\]|]+/.exec(rest)?.[0] ?? rest;
    const text = advice ? `${message}  [${code}]\nTry: ${advice}` : `${message}  [${code}]`;
    return { from, to: from + Math.max(word.length, rest.length > 0 ? 1 : 0), severity: 'error', message: text };
  });
}

function offsetOf(doc: Text, line: number, column: number): number {
  const there = doc.line(Math.min(Math.max(line, 1), doc.lines));
  return Math.min(there.from + column - 1, there.to);
}

const colours = HighlightStyle.define([
  { tag: tags.definition(tags.propertyName), color: 'var(--accent)' },
  { tag: tags.propertyName, color: 'var(--accent)' },
  { tag: tags.comment, color: 'var(--dim)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: 'var(--dim)' },
]);

const theme = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'transparent', fontSize: '12.5px', height: '100%' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.65' },
  '.cm-content': { caretColor: 'var(--ink)', padding: '8px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--dim)', border: 'none' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--calm-soft) 55%, transparent)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 24%, transparent)',
  },
  '.cm-tooltip': {
    border: '1px solid var(--line)',
    borderRadius: '8px',
    backgroundColor: 'var(--surface)',
    color: 'var(--ink)',
    maxWidth: '46ch',
  },
  '.cm-diagnostic': { padding: '6px 10px', whiteSpace: 'pre-wrap', fontFamily: 'var(--sans)', fontSize: '13px' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--bad)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--bad)',
    textDecorationSkipInk: 'none',
  },
  '.cm-lint-marker-error': { content: '"●"', color: 'var(--bad)' },
});
