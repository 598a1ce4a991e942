// What a newcomer does: `npm start`, one query, the record of it, Ctrl-C. Leaves nothing running and no file behind.
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = await mkdtemp(join(tmpdir(), 'weir-smoke-'));
await chmod(folder, 0o711); // as root, PostgreSQL runs as another user
const [port, tlsPort] = [await freePort(), await freePort()];
const began = Date.now();
const child = spawn('npm', ['start', '--silent', '--', '--data', join(folder, 'data'), '--port', String(port), '--tls-port', String(tlsPort), '--residents', '5000'], {
  stdio: ['ignore', 'pipe', 'pipe'], detached: true,
});
let out = '';
child.stdout.on('data', (chunk) => { out += chunk; process.stdout.write(chunk); });
let errors = '';
child.stderr.on('data', (chunk) => { errors += chunk; process.stderr.write(chunk); });
const ended = new Promise((done) => child.once('exit', (code, signal) => done(code ?? signal)));

let ok = false;
try {
  await until(() => out.includes('Stop it with'), 300_000);
  const answer = await fetch(`http://localhost:${port}/v1/inquiries`, {
    method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'DQ.OR5010000.WA.*A1B2C3D4.TXT\nOLN/WDL3B7K902XM',
  });
  const text = await answer.text();
  console.log(`status ${answer.status} after ${((Date.now() - began) / 1000).toFixed(1)} s\n${text}`);
  ok = answer.status === 200 && text.startsWith('DR.') && text.includes('A1B2C3D4');
} finally {
  signal('SIGINT');
  const code = await Promise.race([ended, new Promise((done) => setTimeout(() => done('still running'), 60_000))]);
  console.log(`stopped with ${code}`);
  if (code === 'still running') signal('SIGKILL');
  ok = ok && (code === 0 || code === 'SIGINT' || code === 130) && !/"level":[56]0/.test(errors + out);
  await rm(folder, { recursive: true, force: true });
}
process.exit(ok ? 0 : 1);

/** To it and all that it started, where they have not ended by themselves. */
function signal(name) {
  try {
    process.kill(-child.pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

async function until(holds, patience) {
  for (const end = Date.now() + patience; !holds(); ) {
    if (Date.now() > end) throw new Error('the exchange did not come up in time');
    await new Promise((done) => setTimeout(done, 100));
  }
}

function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address();
      probe.close(() => done(free));
    });
  });
}
