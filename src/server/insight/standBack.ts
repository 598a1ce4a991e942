import { writeFile } from 'node:fs/promises';
import { setPriority } from 'node:os';

/** How far what nobody waits for stands back: a third of the weight of what answers queries. */
const behind = 5;

/**
 * Lets a process stand back behind the exchange where both want the processor. In a session of its own it would else, where Linux shares by sessions, weigh as much as the whole exchange. Where that cannot be set, it runs like any other.
 */
export async function standBack(pid: number): Promise<void> {
  try {
    setPriority(pid, behind);
  } catch {
    // it has ended, or the platform does not let us
  }
  if (process.platform === 'linux') await writeFile(`/proc/${pid}/autogroup`, String(behind)).catch(() => undefined);
}
