/** The playground, with the editor that only it needs: loaded when someone first goes there. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiError } from '../../api/client.ts';
import type { Place } from '../../location.ts';
import { Skeleton, Trouble } from '../../parts/notice.tsx';

type Page = ComponentType<{ place: Place }>;
let loaded: Page | undefined;

export function LazyPlayground({ place }: { readonly place: Place }) {
  const [PlaygroundPage, setPage] = useState<Page | undefined>(() => loaded);
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    if (loaded) return;
    import('./playground-page.tsx')
      .then((module) => {
        loaded = module.PlaygroundPage;
        setPage(() => module.PlaygroundPage);
      })
      .catch(() => setFailed(true));
  }, []);
  if (hasFailed) return <Trouble error={new ApiError(0, 'UNREACHABLE', '')} retry={() => window.location.reload()} />;
  if (!PlaygroundPage)
    return (
      <div class="card">
        <Skeleton lines={12} />
      </div>
    );
  return <PlaygroundPage place={place} />;
}
