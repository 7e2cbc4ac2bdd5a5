/** The store's shared state in memory, which can be away for a while. */

export interface MemoryShared {
  isAway: boolean;
  readonly rows: Map<string, { readonly value: string; readonly version: number }>;
  list(prefix: string): Promise<readonly { readonly key: string; readonly value: string; readonly version: number }[]>;
  put(key: string, value: string | null, version: number): Promise<boolean>;
}

export function memoryShared(): MemoryShared {
  const rows: MemoryShared['rows'] = new Map();
  const shared: MemoryShared = {
    isAway: false,
    rows,
    async list(prefix) {
      if (shared.isAway) throw new Error('away');
      return [...rows].filter(([key]) => key.startsWith(prefix)).map(([key, row]) => ({ key, ...row }));
    },
    async put(key, value, version) {
      if (shared.isAway) throw new Error('away');
      if ((rows.get(key)?.version ?? 0) !== version) return false;
      if (value === null) rows.delete(key);
      else rows.set(key, { value, version: version + 1 });
      return true;
    },
  };
  return shared;
}
