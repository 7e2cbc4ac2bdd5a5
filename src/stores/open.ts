/** From the `store` key of the configuration to an open store; only the one that is asked for is loaded. */
import type { Clock } from '../kit/clock.ts';
import type { Store } from './store.ts';

export type StoreLocation =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres'; readonly url: string; readonly pool: number };

export interface OpenOptions {
  readonly clock: Clock;
  /** For commands that read beside a running relay: takes no lock, and writes only what such a command may. */
  readonly readonly?: boolean;
  readonly report?: (batch: { readonly commitMs: number; readonly writes: number }) => void;
}

/** Opens the store; rejects with `StoreRefused` where it must not be used and with `StoreUnavailable` where it cannot be reached. */
export async function openStore(location: StoreLocation, options: OpenOptions): Promise<Store> {
  switch (location.kind) {
    case 'sqlite': {
      const { openSqliteStore } = await import('./sqlite/index.ts');
      return openSqliteStore({ file: location.file, ...options });
    }
    case 'postgres': {
      const { openPostgresStore } = await import('./postgres/index.ts');
      return openPostgresStore({ url: location.url, pool: location.pool, ...options });
    }
  }
}
