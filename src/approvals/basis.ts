import { readPolicy, listPolicies } from '../store/policies.ts';
import type { Sql } from 'postgres';
import type { Connection } from './parts.ts';
import { ChangeError, type Checks } from './types.ts';

/** What a text is compared with: the policy in force, the newest version there is, and the registry. */
export interface Standing {
  readonly base: Checks['base'];
  /** 0 where there is none. */
  readonly newest: number;
  readonly registry: Checks['registry'];
}

/** As it is now. In a transaction under the owner's lock nothing of this owner's own changes moves; an activation on the machine may. */
export async function standingNow(sql: Connection, owner: string, now: number): Promise<Standing> {
  const base = await readPolicy(sql as Sql, owner, undefined, new Date(now));
  const [newest] = await listPolicies(sql as Sql, owner);
  const [registry] = await sql<{ version: number; hash: string }[]>`select version, hash from registry_version order by version desc limit 1`;
  return { base: base === null ? null : { version: base.version, hash: base.hash }, newest: newest?.version ?? 0, registry: registry ?? { version: 0, hash: '' } };
}

/** How long a check of yesterday still counts after midnight, in milliseconds: agencies are read as they are on a day. */
const overMidnight = 600_000;

/** Whether checks are still of what stands: the same policy in force, no version in between, the same registry, and the same day. */
export function areFresh(checks: Pick<Checks, 'at' | 'base' | 'registry'>, checkedNewest: number | null, standing: Standing, now: number): boolean {
  const at = Date.parse(checks.at);
  return checkedNewest === standing.newest
    && checks.base?.version === standing.base?.version && checks.base?.hash === standing.base?.hash
    && checks.registry.version === standing.registry.version && checks.registry.hash === standing.registry.hash
    && (day(at) === day(now) || Math.abs(now - at) <= overMidnight);
}

export function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** For checks that did not pass, or are of something else. */
export function notChecked(message: string, mend: string): ChangeError {
  return new ChangeError('CHANGE_CHECKS', message, mend);
}
