import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** `npm run bench`: every benchmark in turn, each in a process of its own so that none warms or burdens the next. */
const parts = [
  ['Governed queries over HTTP', 'http.js'],
  ['Where the time goes', 'whereTime.js'],
  ['Compiled tables', 'policyTable.js'],
  ['A new table in a running exchange', 'switch.js'],
  ['Proofs', 'proof.js'],
  ['Beside Cedar', 'cedarSpeed.js'],
  ['In process', 'decide.js'],
  ['Look-ups in an owner’s records', 'sources.js'],
  ['Journal', 'journal.js'],
  ['Ledger', 'ledger.js'],
  ['What the ledger costs a query', 'ledgerCost.js'],
  ['Witnesses', 'witnesses.js'],
  ['An invented year', 'year.js'],
  ['Reading a year', 'insight.js'],
  ['A log of one’s own', 'importLog.js'],
] as const;

let failed = 0;
for (const [title, file] of parts) {
  process.stdout.write(`\n## ${title}\n\n`);
  if ((await run(file)) !== 0) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;

function run(file: string): Promise<number | null> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url)), ...process.argv.slice(2)], { stdio: 'inherit' });
  return new Promise((resolve) => child.once('exit', resolve));
}
