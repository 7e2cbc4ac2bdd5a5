// What a start does not need is loaded later: libraries and parts of Node where they are first used.

import { createRequire, isBuiltin } from 'node:module';

const require = createRequire(import.meta.url);
const MARK = '\0at-first-use:';

/** Puts something in the place of each of these modules that loads it when one of its functions is called or one of its values is read. */
export function atFirstUse(names) {
  return {
    name: 'at-first-use',
    enforce: 'pre',
    async resolveId(id, importer) {
      if (importer?.startsWith(MARK)) return isBuiltin(id) ? { id, external: true } : null;
      const name = id.replace(/^node:/, '');
      if (!names.includes(name)) return null;
      const module = isBuiltin(name) ? `node:${name}` : (await this.resolve(id, importer, { skipSelf: true })).id;
      return `${MARK}${module}.cjs`;
    },
    load(id) {
      if (!id.startsWith(MARK)) return null;
      const module = id.slice(MARK.length, -'.cjs'.length);
      return standIn(module);
    },
  };
}

/**
 * As `atFirstUse`, with a file of its own that is also loaded a moment after the start: a running relay does not depend on a file
 * that an update replaces.
 */
export function inFileOfItsOwn(library) {
  const lazy = `\0in-file-of-its-own:${library}.cjs`;
  return {
    name: 'in-file-of-its-own',
    enforce: 'pre',
    resolveId(id, importer) {
      if (id !== library) return null;
      return importer === lazy ? { id: `./${library}.cjs`, external: true } : lazy;
    },
    load(id) {
      if (id !== lazy) return null;
      return `${standIn(library)}setTimeout(whole, 1000).unref();\n`;
    },
  };
}

/** A program of CommonJS with the members of a module. Functions are called through, so that they can be taken out at once; a class has to be itself. */
function standIn(module) {
  const members = Object.entries(require(module)).map(([name, value]) =>
    typeof value === 'function' && /^[a-z]/.test(name)
      ? `  ${name}: (...given) => whole().${name}(...given),`
      : `  get ${name}() { return whole().${name}; },`,
  );
  const load = `let loaded;\nconst whole = () => (loaded ??= require(${JSON.stringify(module)}));`;
  return `${load}\nmodule.exports = {\n${members.join('\n')}\n};\n`;
}
