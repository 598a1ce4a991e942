import type { ReservedSql, Sql } from 'postgres';

/**
 * Runs `work` in one transaction on a connection of its own. Where the connection is lost, nothing more is sent on it: the
 * driver's own `begin` sends a rollback then, and writing to a closed socket it throws where nobody can catch.
 */
export async function inTransaction(sql: Sql, work: (tx: ReservedSql) => Promise<void>): Promise<void> {
  const tx = await sql.reserve();
  let lost = false;
  try {
    await tx`begin`;
    await work(tx);
    await tx`commit`;
  } catch (fault) {
    lost = isLost(fault);
    if (!lost) await tx`rollback`;
    throw fault;
  } finally {
    // A lost connection has left the pool by itself.
    if (!lost) tx.release();
  }
}

/** True for the driver's errors of a closed connection, those of the socket, and those with which the server ends a session. */
function isLost(fault: unknown): boolean {
  if (typeof fault !== 'object' || fault === null) return false;
  const { code, severity } = fault as { code?: unknown; severity?: unknown };
  if (severity === 'FATAL' || severity === 'PANIC') return true;
  return typeof code === 'string' && /^(CONNECTION_|ECONN|EPIPE$|ETIMEDOUT$)/.test(code);
}
