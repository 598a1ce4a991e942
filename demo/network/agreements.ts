import type { Jurisdiction, Program287g } from '../../src/vocabulary/index.ts';
import { isLandmark, landmarkOris } from '../landmarks.ts';
import { randomOf } from '../random.ts';
import { type Agency, type Draft, addEdge, idOf, scaled, someDay } from './draft.ts';

/** How many organisations of each state have an agreement, of about 700: the spread of mid-2025, rounded by us. */
const perState: Partial<Record<Jurisdiction, number>> = {
  FL: 270, TX: 90, GA: 35, TN: 30, NC: 25, SC: 25, LA: 20, AL: 20, KY: 15, OK: 15, VA: 15, MO: 12, PA: 12, NH: 12, AR: 10, WI: 10, KS: 8, MD: 8, MS: 8, NY: 8,
  MN: 7, OH: 6, UT: 6, AZ: 6, WY: 5, MI: 4, NE: 4, ID: 3, IN: 3, NV: 3, WV: 3, AK: 2, IA: 2, MT: 2, SD: 2, ND: 1, MA: 1,
};

/**
 * 287(g) agreements, as edges from the agency to ICE's removal arm. Some agencies have two models. One in forty is only a
 * match by name that nobody confirmed, and one in thirty has ended.
 */
export function addAgreements(draft: Draft): void {
  const random = randomOf(draft.seed, 'agreements');
  agree(draft, idOf(draft, landmarkOris.sheriff287g), 'taskForce', '2025-03-04');
  for (const [state, count] of Object.entries(perState)) {
    const able = draft.agencies.filter((a) => a.state === state && weight(a) > 0 && !isLandmark(a.ori));
    const order = able.map((agency) => ({ agency, rank: random.unit() / weight(agency) })).sort((x, y) => x.rank - y.rank);
    for (const { agency } of order.slice(0, scaled(draft, count))) {
      for (const model of modelsOf(agency, random.unit())) {
        const since = random.chance(0.7) ? someDay(random, 2025, 2026) : someDay(random, 2017, 2024);
        agree(draft, agency.id, model, since, { confirmed: !random.chance(0.025), until: random.chance(0.033) && since < '2026-02' ? '2026-08-31' : null });
      }
    }
  }
}

function agree(draft: Draft, from: string, detail: Program287g, since: string, more: { confirmed?: boolean; until?: string | null } = {}): void {
  addEdge(draft, { kind: 'program287g', from, to: 'us/dhs/ice/ero', detail, since, grade: detail === 'taskForce' ? 'inseparable' : 'contractOnly', ...more });
}

/** Sheriffs make most agreements, then city and state police, a few campuses and prisons. */
function weight(agency: Agency): number {
  return ({ sheriff: 20, police: 1, statePolice: 1, campus: 1, corrections: 2 } as Partial<Record<Agency['kind'], number>>)[agency.kind] ?? 0;
}

function modelsOf(agency: Agency, x: number): readonly Program287g[] {
  if (agency.kind === 'corrections') return ['jail'];
  if (agency.kind !== 'sheriff') return ['taskForce'];
  if (x < 0.45) return ['taskForce'];
  if (x < 0.7) return ['warrantService'];
  if (x < 0.83) return ['jail'];
  return x < 0.93 ? ['taskForce', 'warrantService'] : ['taskForce', 'jail'];
}
