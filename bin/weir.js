#!/usr/bin/env node
// Kept in plain JavaScript that old versions of Node can read, so that they get a sentence and not a syntax error.
import { existsSync } from 'node:fs';

const [major, minor] = process.versions.node.split('.').map(Number);
const main = new URL('../dist/src/cli/main.js', import.meta.url);

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`weir: Weir needs Node 20.19 or newer, and this is ${process.versions.node}\n      Install a newer Node: https://nodejs.org\n`);
  process.exitCode = 3;
} else if (!existsSync(main)) {
  process.stderr.write('weir: Weir is not built yet\n      Run `npm run build` in its folder.\n');
  process.exitCode = 3;
} else {
  const { main: run } = await import(main.href);
  await run();
}
