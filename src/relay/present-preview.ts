/** A replay's preview as the admin API shows it. */
import type { Preview } from '../admin/api-ports.ts';
import { maskHeaders } from '../admin/mask.ts';
import { stringifyJson } from '../kit/json.ts';
import type { PrintableRequest } from '../plan/printable-request.ts';
import { type PreviewInput, previewReplay } from '../plan/replay-preview.ts';

export function presentPreview(input: PreviewInput): Preview {
  const { before, after, nothing, differences } = previewReplay(input);
  return {
    before: before.map(withoutCredentials),
    after: after.map(withoutCredentials),
    nothing,
    differences: differences.map(({ path, before, after }) => {
      const header = /(?:^|\.)headers\.(.+)$/.exec(path)?.[1] ?? '';
      const show = (value: unknown) =>
        shown(typeof value === 'string' && header !== '' ? maskHeaders({ [header]: value })[header] : value);
      return { path, before: show(before), after: show(after) };
    }),
  };
}

function withoutCredentials(request: PrintableRequest): PrintableRequest {
  return { ...request, headers: maskHeaders(request.headers) };
}

function shown(value: unknown): string | null {
  return value === undefined ? null : stringifyJson(value);
}
