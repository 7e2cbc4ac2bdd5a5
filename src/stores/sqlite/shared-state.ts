/** Small state by key, each with the version that a change must know. */
import type { DatabaseSync } from 'node:sqlite';
import type { SharedRow } from '../../kit/shared-state.ts';

export function prepareShared(db: DatabaseSync): {
  get(key: string): SharedRow | undefined;
  list(prefix: string): SharedRow[];
  put(key: string, value: string | null, version: number): boolean;
} {
  const read = db.prepare('SELECT key, value, version FROM shared WHERE key = ?');
  const list = db.prepare('SELECT key, value, version FROM shared WHERE key >= ? AND key < ? ORDER BY key');
  const insert = db.prepare('INSERT INTO shared VALUES (?, ?, 1) ON CONFLICT DO NOTHING');
  const update = db.prepare('UPDATE shared SET value = ?, version = version + 1 WHERE key = ? AND version = ?');
  const remove = db.prepare('DELETE FROM shared WHERE key = ? AND version = ?');
  return {
    get: (key) => read.get(key) as unknown as SharedRow | undefined,
    list: (prefix) => list.all(prefix, `${prefix}\u{10ffff}`).map((row) => ({ ...row }) as unknown as SharedRow),
    put(key, value, version) {
      if (version === 0) return value === null ? read.get(key) === undefined : insert.run(key, value).changes === 1;
      const done = value === null ? remove.run(key, version) : update.run(value, key, version);
      return done.changes === 1;
    },
  };
}
