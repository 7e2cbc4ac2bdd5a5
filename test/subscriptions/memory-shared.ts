/** Shared state in memory, with the promises of a store's, that several registries may use and that can be taken away. */
import type { SharedStatePort } from '../../src/subscriptions/subscriber-store.ts';

export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

export class MemoryShared implements SharedStatePort {
  readonly rows = new Map<string, { readonly value: string; readonly version: number }>();
  isAway = false;
  puts = 0;
  #versions = 0;

  async list(prefix: string) {
    await this.#answer();
    const found = [...this.rows].filter(([key]) => key.startsWith(prefix));
    return found.map(([key, row]) => ({ key, ...row })).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  }

  async put(key: string, value: string | null, version: number): Promise<boolean> {
    await this.#answer();
    this.puts++;
    if ((this.rows.get(key)?.version ?? 0) !== version) return false;
    if (value === null) this.rows.delete(key);
    else this.rows.set(key, { value, version: ++this.#versions });
    return true;
  }

  /** Gives other callers their turn, so that races are real ones. */
  async #answer(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (this.isAway) throw new StoreUnavailable('the store is away');
  }
}
