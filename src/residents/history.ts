import type { Sql } from 'postgres';
import { actsAfter, allActs, type FoundAct } from '../people/acts/index.ts';
import type { ResidentEvent } from './types.ts';

const latest = 200;

/** The acts about a request, the newest first, without the accounts of officials. */
export async function historyOf(sql: Sql, owner: string, number: string): Promise<readonly ResidentEvent[]> {
  const found = await actsAfter(sql, { owner }, { ...allActs, is: { ...allActs.is, about: [number] } }, null, latest);
  return found.map(eventOf);
}

function eventOf({ at, act, who, role, detail }: FoundAct): ResidentEvent {
  const by = who === 'nobody' || who.startsWith('resident ') ? 'holder' : who === 'clock' || who === 'operator' ? who : 'office';
  const { step, form } = detail ?? {};
  const what = act === 'identityStep' && step === 'opened' ? 'opened' : act;
  return { at, what, by, role: by === 'office' ? role : null, detail: what === 'opened' ? null : textOf(step ?? form) };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
