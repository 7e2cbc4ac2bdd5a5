/** Shared state in memory, with the promises of a store's, that several relays may use, that tests can look into and take away. */
import type { SharedRow, SharedState } from '../../src/kit/shared-state.ts';

export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

export class MemoryShared implements SharedState {
  readonly rows = new Map<string, SharedRow>();
  isAway = false;
  puts = 0;

  async get(key: string): Promise<SharedRow | undefined> {
    await this.#answer();
    return this.rows.get(key);
  }

  async list(prefix: string): Promise<readonly SharedRow[]> {
    await this.#answer();
    const found = [...this.rows.values()].filter(({ key }) => key.startsWith(prefix));
    return found.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  }

  async put(key: string, value: string | null, version: number): Promise<boolean> {
    await this.#answer();
    this.puts++;
    if ((this.rows.get(key)?.version ?? 0) !== version) return false;
    if (value === null) this.rows.delete(key);
    else this.rows.set(key, { key, value, version: version + 1 });
    return true;
  }

  /** Gives other callers their turn, so that races are real ones. */
  async #answer(): Promise<void> {
    await null;
    if (this.isAway) throw new StoreUnavailable('the store is away');
  }
}
