/** What stands where there is nothing to show yet: loading, empty, or not to be had. */
import type { ComponentChildren } from 'preact';
import type { ApiError } from '../api/client.ts';
import { useText } from '../settings.tsx';
import { Icon } from './icon.tsx';

/** Grey lines in the place of what is on its way, so that nothing jumps when it comes. */
export function Skeleton({ lines = 3 }: { readonly lines?: number }) {
  const t = useText();
  return (
    <div class="skeleton" role="status" aria-label={t.loading}>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} class={`skeleton-line is-${index % 4}`} />
      ))}
    </div>
  );
}

export function Empty({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children && <div class="empty-text">{children}</div>}
    </div>
  );
}

export function Trouble({ error, retry }: { readonly error: ApiError; readonly retry?: () => void }) {
  const t = useText();
  return (
    <div class="trouble" role="alert">
      <Icon name="alert" />
      <p>
        {error.status === 0 ? t.unreachable : error.message} <code>{error.code}</code>
      </p>
      {retry && (
        <button type="button" class="button is-small" onClick={retry}>
          {t.tryAgain}
        </button>
      )}
    </div>
  );
}
