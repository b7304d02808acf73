#!/usr/bin/env node
// The npm bin: works right after `npm ci`, before anything was built.
import '../../../tools/require-node.cjs';
import { existsSync } from 'node:fs';

const main = new URL('../../../dist/apps/cli/src/main.js', import.meta.url);
if (!existsSync(main)) await import('../../../tools/build.mjs');
await import(main.href);
