import { readFile } from 'node:fs/promises';
import { buildSite } from './build.ts';
import { PublishError } from './types.ts';

/** The process of the builder: `main.js AGGREGATE APPROVAL SITE`. One line of JSON comes back. */
const [aggregate = '', approval = '', site = ''] = process.argv.slice(2);
try {
  const built = await buildSite(await readFile(aggregate, 'utf8'), await readFile(approval, 'utf8'), site);
  process.stdout.write(`${JSON.stringify(built)}\n`);
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  process.stdout.write(`${JSON.stringify({ code: code ?? 'PUBLISH_FAULT', error: error instanceof PublishError ? message : `the builder failed (${code ?? message})` })}\n`);
  process.exitCode = 1;
}
