import { spawn } from 'node:child_process';

import { cleanEnvironment } from './initialise.ts';
import type { RunAs } from './runAs.ts';

/** Waits until our end of its input closes, which the kernel does even where we are killed, then stops the postmaster if it is still that one. */
const script = 'read -r _; [ "$(head -n 1 "$1/postmaster.pid" 2>/dev/null)" = "$2" ] && kill -INT "$2"';

/**
 * Sees to it that the postmaster does not outlive us. Returns what ends the watch.
 * Without a shell there is no watch, and the next start finds the postmaster by its file.
 */
export function watchOver(data: string, pid: number, who: RunAs | null): () => void {
  if (process.platform === 'win32') return () => undefined;
  const watcher = spawn('/bin/sh', ['-c', script, 'weir-watch', data, String(pid)], {
    cwd: '/', env: cleanEnvironment(), detached: true, stdio: ['pipe', 'ignore', 'ignore'], ...(who ?? {}),
  });
  watcher.on('error', () => undefined);
  watcher.stdin.on('error', () => undefined);
  watcher.unref();
  // the pipe is held by this process and must not keep it alive
  (watcher.stdin as unknown as { unref?: () => void }).unref?.();
  return () => watcher.kill('SIGKILL');
}
