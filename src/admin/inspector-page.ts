/** The inspector's page: plain HTML that works without a script, so that the first event can be seen in any browser. */
import type { Inspected } from './inspector.ts';

export const INSPECTOR_STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d5d9e0, #3a404b); --soft: light-dark(#f5f6f8, #1d2128); --dim: light-dark(#5a6270, #a3abb8); }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 960px; margin: 2rem auto; padding: 0 1rem; background: light-dark(#fff, #14171c); color: light-dark(#171a20, #e8eaee); }
h1 { font-size: 1.25rem; } article { border: 1px solid var(--line); border-radius: 8px; margin: 1rem 0; overflow: hidden; }
header { background: var(--soft); padding: .5rem 1rem; display: flex; gap: 1rem; flex-wrap: wrap; align-items: baseline; }
header b { font-family: ui-monospace, monospace; overflow-wrap: anywhere; } time, summary, .dim { color: var(--dim); }
pre { margin: 0; padding: 1rem; overflow: auto; font: 13px/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.rest { margin: 0; padding: 0 1rem .5rem; }
details { border-top: 1px solid var(--line); padding: .5rem 1rem; } details pre { padding: .5rem 0; } a { color: inherit; }
`;

export interface InspectorView {
  readonly name: string;
  readonly received: number;
  /** Newest first. */
  readonly requests: readonly Inspected[];
}

export function inspectorPage({ name, received, requests }: InspectorView): string {
  const list =
    requests.length === 0
      ? '<p class="dim">Nothing has arrived yet. This page looks again every two seconds.</p>'
      : requests.map(article).join('\n');
  return page(
    `${name}: what arrived`,
    `<h1>${escapeHtml(name)} <span class="dim">received ${received}</span></h1>\n<p class="dim"><a href="/inspect/${encodeURIComponent(name)}?format=json">as JSON</a> · <a href="/inspect">all inspectors</a></p>\n${list}`,
  );
}

export function inspectorIndex(
  names: readonly { readonly name: string; readonly received: number; readonly lastAt: string }[],
): string {
  const rows = names.map(
    ({ name, received, lastAt }) =>
      `<li><a href="/inspect/${encodeURIComponent(name)}">${escapeHtml(name)}</a> <span class="dim">${received} received, last at ${escapeHtml(lastAt)}</span></li>`,
  );
  const list = rows.length > 0 ? `<ul>${rows.join('')}</ul>` : '<p class="dim">Nothing has arrived yet.</p>';
  return page('Inspectors', `<h1>Inspectors</h1>\n${list}`);
}

function article(request: Inspected): string {
  const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`);
  return `<article><header><span class="dim">#${request.number}</span><b>${escapeHtml(request.method)} ${escapeHtml(request.url)}</b><time>${escapeHtml(request.receivedAt)}</time></header>
<pre>${escapeHtml(bodyText(request))}</pre>${restNote(request)}
<details><summary>${headers.length} headers</summary><pre>${escapeHtml(headers.join('\n'))}</pre></details></article>`;
}

function bodyText(request: Inspected): string {
  if (request.bytes === 0) return '(no body)';
  if (request.body === null) return `(${request.bytes} bytes that are no text)`;
  return request.body;
}

function restNote({ truncated, bytes, body }: Inspected): string {
  return truncated && body !== null ? `<p class="rest dim">The beginning of ${bytes} bytes.</p>` : '';
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="2"><title>${escapeHtml(title)}</title><link rel="stylesheet" href="/inspect/style.css"></head><body>${body}</body></html>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
