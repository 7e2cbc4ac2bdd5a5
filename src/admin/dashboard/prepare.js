/** Builds the dashboard after `npm ci` in a clone; says so and goes on where the development dependencies were left out. */
import { fileURLToPath } from 'node:url';

const vite = await import('vite').catch(() => undefined);
if (vite) await vite.build({ configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)) });
else process.stderr.write('The dashboard was not built: that needs the development dependencies (npm ci).\n');
