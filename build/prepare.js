// Builds what a clone runs after `npm ci`: the dashboard and the bundle; says so and goes on where the development dependencies were left out.
import { join } from 'node:path';

const vite = await import('vite').catch(() => undefined);
if (vite) {
  const { buildBundle } = await import('./bundle.js');
  await vite.build({ configFile: join(import.meta.dirname, '../src/admin/dashboard/vite.config.ts') });
  await buildBundle(vite);
} else {
  process.stderr.write(
    'Neither the dashboard nor the bundle was built: that needs the development dependencies (npm ci). The relay runs, and takes longer to start.\n',
  );
}
