// What the bundle of a clone was made of: while one of these files has changed since, the sources run instead of it.
const { readdirSync, readFileSync, statSync } = require('node:fs');
const { join } = require('node:path');

/** The libraries as npm has installed them, and how the sources become a bundle. */
const BESIDE = ['package.json', 'node_modules/.package-lock.json', 'build/bundle.js'];
/** Runs in browsers, and is built by itself. */
const DASHBOARD = join('src', 'admin', 'dashboard');

/** Every file by its size and the time of its last change, which no editor and no copying sets back. */
function stampOf(root) {
  return [...BESIDE, ...filesIn(root, 'src')].map((path) => `${path} ${changeOf(join(root, path))}`).join('\n');
}

/** Whether the bundle in `folder` was made of what stands in `root` now. */
function isFresh(root, folder) {
  try {
    return readFileSync(join(folder, 'stamp'), 'utf8') === stampOf(root);
  } catch {
    return false;
  }
}

function filesIn(root, folder) {
  if (folder === DASHBOARD) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesIn(root, path) : [path];
    });
}

function changeOf(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.size} ${found.ctimeMs}` : 'missing';
}

module.exports = { stampOf, isFresh };
