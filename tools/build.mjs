// Compiles every .ts file of the house to the same place under dist/, with swc (Nest needs decorator
// metadata, which Node's own type stripping refuses). Only what changed is compiled again; each file appears
// by rename, so a running reader never sees half of one. Type errors are the type check's business.

import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFile } from '@swc/core';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const rooms = ['apps', 'libs', 'eventstore', 'test', 'tools'];
const out = join(root, 'dist');

const options = {
  cwd: root,
  sourceMaps: true,
  swcrc: false,
  configFile: false,
  module: { type: 'es6', resolveFully: false },
  jsc: {
    target: 'es2024',
    parser: { syntax: 'typescript', decorators: true },
    transform: {
      legacyDecorator: true,
      decoratorMetadata: true,
      useDefineForClassFields: true,
      verbatimModuleSyntax: true,
    },
    keepClassNames: true,
  },
};

const modified = async (path) => (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;

async function sources(room) {
  const entries = await readdir(join(root, room), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && /\.(ts|mts)$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('node_modules'));
}

async function compile(path, newest) {
  const target = join(out, relative(root, path)).replace(/\.(m?)ts$/, '.$1js');
  if ((await modified(target)) > Math.max(await modified(path), newest)) return { target, built: false };
  const { code, map } = await transformFile(path, {
    ...options,
    filename: path,
    sourceFileName: relative(dirname(target), path),
  });
  await mkdir(dirname(target), { recursive: true });
  const scratch = `${target}.${process.pid}`;
  await writeFile(`${target}.map`, map);
  await writeFile(scratch, `${code}\n//# sourceMappingURL=${target.split('/').at(-1)}.map\n`);
  await rename(scratch, target);
  return { target, built: true };
}

async function removeOrphans(kept) {
  const entries = await readdir(out, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && /\.m?js$/.test(path) && !kept.has(path))
      await rm(path).then(() => rm(`${path}.map`, { force: true }));
  }
}

const self = await modified(fileURLToPath(import.meta.url));
const paths = (await Promise.all(rooms.map(sources))).flat();
const results = [];
let failed = 0;
for (let at = 0; at < paths.length; at += 64) {
  const settled = await Promise.allSettled(paths.slice(at, at + 64).map((path) => compile(path, self)));
  for (const [index, result] of settled.entries()) {
    if (result.status === 'fulfilled') results.push(result.value);
    else {
      failed += 1;
      console.error(`${relative(root, paths[at + index])}: ${result.reason.message ?? result.reason}`);
    }
  }
}
await removeOrphans(new Set(results.map((result) => result.target)));
if (failed) process.exit(1);
