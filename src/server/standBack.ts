import { writeFile } from 'node:fs/promises';
import { setPriority } from 'node:os';

/** How far a process stands back, a third of the weight of what answers queries; and how far a thread beside those that do. */
const ofProcess = 5;
const ofThread = 10;

/**
 * Lets a process of ours stand back behind the exchange where both want the processor. In a session of its own it would else, where Linux shares by sessions, weigh as much as the whole exchange. Where that cannot be set, it runs like any other.
 */
export async function standBack(pid: number): Promise<void> {
  lower(pid, ofProcess);
  if (process.platform === 'linux') await writeFile(`/proc/${pid}/autogroup`, String(ofProcess)).catch(() => undefined);
}

/** Lets the thread that calls it stand back. On Linux a priority is of one thread, elsewhere of the whole process: there it runs like any other. */
export function threadStandsBack(): void {
  if (process.platform === 'linux') lower(0, ofThread);
}

function lower(id: number, priority: number): void {
  try {
    setPriority(id, priority);
  } catch {
    // it has ended, or the platform does not let us
  }
}
