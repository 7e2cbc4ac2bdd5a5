// What the bundle of a clone was made of: while one of these files has changed since, the sources run instead of it.
const { readdirSync, readFileSync, statSync } = require('node:fs');

/** The libraries as npm has installed them, and how the sources become a bundle. */
const BESIDE = ['package.json', 'node_modules/.package-lock.json', 'build/bundle.js', 'build/at-first-use.js'];
/** Runs in browsers, and is built by itself. */
const DASHBOARD = /^admin[/\\]dashboard\b/;

/** Every file and folder by its size and the time of its last change, which no editor and no copying sets back. */
function stampOf(root) {
  const sources = readdirSync(`${root}/src`, { recursive: true }).filter((path) => !DASHBOARD.test(path));
  return [...BESIDE, ...sources.sort().map((path) => `src/${path}`)]
    .map((path) => `${path} ${changeOf(`${root}/${path}`)}\n`)
    .join('');
}

/** Whether the bundle in `folder` was made of what stands in `root` now. */
function isFresh(root, folder) {
  try {
    return readFileSync(`${folder}/stamp`, 'utf8') === stampOf(root);
  } catch {
    return false;
  }
}

function changeOf(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.size} ${found.ctimeMs}` : 'missing';
}

module.exports = { stampOf, isFresh };
