/** Small state by key, each with the version that a change must know. */
import type { SharedRow, SharedState } from '../../kit/shared-state.ts';
import type { Connections } from './connections.ts';

export function createSharedState(connections: Connections): SharedState {
  const query = <T extends object>(text: string, values: unknown[]) =>
    connections.use((client) => client.query<T>(text, values));
  return {
    async get(key) {
      const { rows } = await query<SharedRow>('SELECT key, value, version FROM dragoman.shared WHERE key = $1', [key]);
      return rows[0];
    },
    async list(prefix) {
      const { rows } = await query<SharedRow>(
        'SELECT key, value, version FROM dragoman.shared WHERE key >= $1 AND key < $2 ORDER BY key',
        [prefix, `${prefix}\u{10ffff}`],
      );
      return rows;
    },
    async put(key, value, version) {
      if (version === 0 && value === null) return (await this.get(key)) === undefined;
      const [text, values] = putStatement(key, value, version);
      return (await query(text, values)).rowCount === 1;
    },
  };
}

function putStatement(key: string, value: string | null, version: number): [string, unknown[]] {
  if (version === 0) return ['INSERT INTO dragoman.shared VALUES ($1, $2, 1) ON CONFLICT DO NOTHING', [key, value]];
  if (value === null) return ['DELETE FROM dragoman.shared WHERE key = $1 AND version = $2', [key, version]];
  return [
    'UPDATE dragoman.shared SET value = $2, version = version + 1 WHERE key = $1 AND version = $3',
    [key, value, version],
  ];
}
