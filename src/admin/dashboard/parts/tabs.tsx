/** A choice of views, moved through with the arrow keys as tabs are. */
import { useId, useRef } from 'preact/hooks';

export interface TabsProps<K extends string> {
  readonly label: string;
  readonly tabs: readonly { readonly key: K; readonly label: string; readonly note?: string }[];
  readonly selected: K;
  readonly select: (key: K) => void;
  readonly panelId?: string;
}

export function Tabs<K extends string>({ label, tabs, selected, select, panelId }: TabsProps<K>) {
  const own = useId();
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const at = tabs.findIndex(({ key }) => key === selected);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (!next) return;
    select(next.key);
    list.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(next.key)}"]`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
      {tabs.map((tab) => (
        <button
          key={tab.key}
          id={`${own}-${tab.key}`}
          type="button"
          role="tab"
          class="tab"
          data-key={tab.key}
          aria-selected={tab.key === selected}
          {...(panelId ? { 'aria-controls': panelId } : {})}
          tabIndex={tab.key === selected ? 0 : -1}
          onClick={() => select(tab.key)}
        >
          {tab.label}
          {tab.note && <span class="tab-note">{tab.note}</span>}
        </button>
      ))}
    </div>
  );
}
