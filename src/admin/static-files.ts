/** The dashboard's files as Vite has built them: the page at `/`, what it needs beside it, and nothing outside their folder. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Middleware } from 'koa';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.map': 'application/json',
};

/** A name with a hash of its content: what it names never changes. */
const HASHED = /-[A-Za-z0-9_-]{8,}\.\w+$/;

const NOT_BUILT =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>Dragoman</title><p>The dashboard is not built yet: run <code>npm run build:dashboard</code> in the folder of the relay, then load this page again.</p></html>';

/** Where the build stands: seen from the sources, and from the compiled package. */
export function dashboardFolder(): string {
  const places = ['../../dist/dashboard', '../dashboard'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  return places.find((path) => existsSync(join(path, 'index.html'))) ?? (places[0] as string);
}

/** Answers GET and HEAD of files that are there; passes everything else on. A build that comes later is found without a restart. */
export function staticFiles(folder: string): Middleware {
  return async (context, next) => {
    if (context.method !== 'GET' && context.method !== 'HEAD') return next();
    const path = context.path === '/' ? '/index.html' : context.path;
    const name = (await fileNames(folder)).get(path);
    if (name === undefined) {
      if (context.path !== '/') return next();
      context.type = 'html';
      context.body = NOT_BUILT;
      return;
    }
    context.type = TYPES[extname(name)] ?? 'application/octet-stream';
    if (HASHED.test(name)) context.set('cache-control', 'private, max-age=31536000, immutable');
    else context.set('cache-control', 'no-cache');
    context.body = await readFile(name);
  };
}

/** The files by the path that asks for them: only what is listed can be served, so no path leads out of the folder. */
async function fileNames(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((name) => [
        name
          .slice(folder.replace(/[/\\]$/, '').length)
          .split(sep)
          .join('/'),
        name,
      ]),
  );
}
