/** Small state that outlives a restart and that all relays on one store share: what a store promises of it, and how a row of it is changed. */

export interface SharedRow {
  readonly key: string;
  readonly value: string;
  readonly version: number;
}

/** Every promise rejects where the store cannot be reached or cannot write. */
export interface SharedState {
  get(key: string): Promise<SharedRow | undefined>;
  /** Lists what stands under a prefix, by key. */
  list(prefix: string): Promise<readonly SharedRow[]>;
  /**
   * Writes if the stored version is still `version` (0: not there yet), null takes the row away; false where someone else was first.
   * Versions of a key that comes back begin anew.
   */
  put(key: string, value: string | null, version: number): Promise<boolean>;
}

/** Each lost race means that someone else has won one. */
const MOST_RACES = 100;

/**
 * Puts what `change` makes of the value under a key in its place; null is no row, on both sides. `change` is asked again where someone else was
 * first. Resolves with the value that stands there then; rejects as the store does.
 */
export async function modifyShared(
  shared: Pick<SharedState, 'get' | 'put'>,
  key: string,
  change: (value: string | null) => string | null,
): Promise<string | null> {
  for (let race = 0; race < MOST_RACES; race++) {
    const row = await shared.get(key);
    const before = row?.value ?? null;
    const after = change(before);
    if (after === before || (await shared.put(key, after, row?.version ?? 0))) return after;
  }
  throw new Error(`too many relays change ${key} at once`);
}
