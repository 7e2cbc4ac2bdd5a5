/** Follows mouse and keyboard over linked lines: which of them light up, and which is held. */
import { useMemo, useState } from 'preact/hooks';
import type { FieldLinks } from './field-links.ts';
import type { Linking } from './linked-lines.tsx';

export interface LinkingHandlers {
  onMouseOver(event: MouseEvent): void;
  onMouseLeave(): void;
  onFocusIn(event: FocusEvent): void;
  onFocusOut(): void;
  onClick(event: MouseEvent): void;
  onKeyDown(event: KeyboardEvent): void;
}

export function useLinking(links: FieldLinks): readonly [Linking, LinkingHandlers] {
  const [over, setOver] = useState<string | null>(null);
  const [held, setHeld] = useState<string | null>(null);
  const at = over ?? held;
  const linking = useMemo(
    () => ({ links, held, lit: at === null ? new Set<string>() : links.with(at) }),
    [links, held, at],
  );
  const handlers: LinkingHandlers = {
    onMouseOver: (event) => setOver(lineOf(event.target)?.dataset.line ?? null),
    onMouseLeave: () => setOver(null),
    onFocusIn: (event) => setOver(lineOf(event.target)?.dataset.line ?? null),
    onFocusOut: () => setOver(null),
    onClick(event) {
      const key = lineOf(event.target)?.dataset.line ?? null;
      if (key !== null) setHeld((before) => (before === key ? null : key));
    },
    onKeyDown(event) {
      const line = lineOf(event.target);
      if (event.key === 'Escape') setHeld(null);
      if (!line || !(event.key in STEPS)) return;
      event.preventDefault();
      step(line, event.key as keyof typeof STEPS)?.focus();
    },
  };
  return [linking, handlers];
}

const STEPS = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 } as const;

/** Up and down within a column; to the sides, to the next line that is lit there. */
function step(line: HTMLElement, key: keyof typeof STEPS): HTMLElement | undefined {
  const by = STEPS[key];
  const column = line.closest<HTMLElement>('[data-column]');
  if (key === 'ArrowDown' || key === 'ArrowUp') {
    const lines = [...(column?.querySelectorAll<HTMLElement>('[data-line]') ?? [])];
    return lines[lines.indexOf(line) + by];
  }
  const columns = [...(column?.parentElement?.querySelectorAll<HTMLElement>('[data-column]') ?? [])];
  for (let index = columns.indexOf(column as HTMLElement) + by; columns[index]; index += by) {
    const lit = columns[index]?.querySelector<HTMLElement>('.is-lit[data-line]');
    if (lit) return lit;
  }
  return undefined;
}

function lineOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[data-line]') : null;
}
