import type { ArchiveSession, Period } from '../archive/types.ts';

/** Reads the same data set over another period, for as long as `work` takes. */
export async function over<T>(session: ArchiveSession, period: Period, work: (other: ArchiveSession) => Promise<T>): Promise<T> {
  const other = await session.over(period);
  try {
    return await work(other);
  } finally {
    await other.close();
  }
}
