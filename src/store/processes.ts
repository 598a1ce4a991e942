import { readFile } from 'node:fs/promises';

/** A process, so that another that later has the same number is not taken for it. */
export interface ProcessMark {
  readonly pid: number;
  /** Start of the machine and of the process, where the system tells; else empty. */
  readonly birth: string;
}

/** The mark of this process. */
export async function ownMark(): Promise<ProcessMark> {
  return { pid: process.pid, birth: await birthOf(process.pid) };
}

/** True where that very process is still alive. */
export async function isRunning(mark: ProcessMark): Promise<boolean> {
  try {
    process.kill(mark.pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return await birthOf(mark.pid) === mark.birth;
}

async function birthOf(pid: number): Promise<string> {
  if (process.platform !== 'linux') return '';
  const [boot, stat] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''),
  ]);
  // the name of the program, in parentheses, may hold spaces; the start time is the 20th field after it (proc(5))
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? 'ended' : `${boot.trim()} ${fields[19] ?? ''}`;
}
