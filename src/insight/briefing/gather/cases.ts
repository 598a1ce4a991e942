import { landmarkOris } from '../../../../demo/landmarks.ts';
import { inventNetwork } from '../../../../demo/network.ts';
import { fromTemplate } from '../../../../demo/policies/fromTemplate.ts';
import { ruleWords, tableFor, type PolicyDocument } from '../../../policy/index.ts';
import { attributeSets, createSnapshot, hashContent, networkOf, type ContentSnapshot } from '../../../registry/index.ts';
import type { CourtClass, EvidenceGrade, InquiryKey, Purpose } from '../../../vocabulary/index.ts';
import type { ArchiveEvent } from '../../archive/types.ts';
import type { SampleRow } from '../../archive/sample.ts';
import { decidedRow, samplePolicy } from '../../backtest/samples.ts';
import type { InsightWorld } from '../../world.ts';

/** Washington in small, for tests: two invented years, the act alone until 15 March 2026 and the block of ICE by name from then on. ICE goes on asking, CBP asks more. */

export const blockedAt = Date.UTC(2026, 2, 15);
const act = samplePolicy(fromTemplate('washington-2019', 'WA'));
const block = samplePolicy(fromTemplate('washington-block', 'WA').replace(/^version: 1$/m, 'version: 2').replace(/^effective: .*$/m, 'effective: 2026-03-15'));
const newest = Date.UTC(2026, 8, 30);

let made: ContentSnapshot | null = null;

/** The invented network, small; made once. */
export function caseRegistry(): ContentSnapshot {
  if (made === null) {
    const content = inventNetwork({ agencies: 3_500 });
    made = createSnapshot(content, 1, hashContent(content));
  }
  return made;
}

/** The world beside the case: names and registry of the invented network, and the block in force. */
export function caseWorld(policies: readonly { readonly document: PolicyDocument; readonly hash: string }[] = [act, block]): InsightWorld {
  const registry = caseRegistry();
  const names = new Map(registry.content.offices.map(({ ori, name }) => [ori, name]));
  const compile: InsightWorld['compile'] = (document, at) => tableFor(document, { at, known: attributeSets(registry, document.policy, new Date(at)) });
  const last = policies.at(-1);
  const since = (version: number): string => new Date(version === 1 ? Date.UTC(2024, 0, 1) : blockedAt).toISOString();
  let network: ReturnType<InsightWorld['network']> | null = null;
  return {
    names: { organisation: (id) => registry.index.organisations.get(id)?.name ?? null, agency: (ori) => names.get(ori) ?? null, rule: (_, id) => (last === undefined ? null : ruleWords(last.document, id)) },
    registry, network: () => (network ??= networkOf(registry, new Date(newest))), compile, tableOf: () => Promise.resolve(null),
    policy: (owner) => Promise.resolve(last?.document.policy !== owner ? null : { owner, version: last.document.version, hash: last.hash, since: since(last.document.version), document: last.document, table: compile(last.document, newest) }),
    versions: () => Promise.resolve(policies.map(({ document, hash }) => ({ version: document.version, hash, since: since(document.version) }))),
  };
}

/** What one office asks in a month: how often before the block and after it. */
interface Habit {
  readonly ori: string;
  readonly before: number;
  readonly after: number;
  readonly key?: InquiryKey;
  readonly purpose?: Purpose;
  readonly caseNumber?: EvidenceGrade;
  readonly warrant?: EvidenceGrade;
  readonly court?: CourtClass;
  readonly found?: boolean;
  /** In the first year, for the comparison. */
  readonly year?: number;
}

const habits: readonly Habit[] = [
  { ori: landmarkOris.cityPolice, before: 90, after: 90 },
  { ori: landmarkOris.statePatrol, before: 60, after: 62, key: 'RQ' },
  { ori: landmarkOris.countySheriff, before: 40, after: 40, purpose: 'trafficEnforcement', caseNumber: 'numbered' },
  { ori: landmarkOris.countySheriff, before: 5, after: 5, found: false },
  { ori: landmarkOris.heronBendPolice, before: 22, after: 25, purpose: 'criminalInvestigation', caseNumber: 'stated' },
  { ori: landmarkOris.sheriff287g, before: 9, after: 12 },
  { ori: landmarkOris.californiaPolice, before: 14, after: 14 },
  { ori: landmarkOris.tribalPolice, before: 3, after: 3, purpose: 'officerSafety' },
  { ori: landmarkOris.iceEro, before: 12, after: 4 },
  { ori: landmarkOris.iceEro, before: 1, after: 1, purpose: 'civilImmigration' },
  { ori: landmarkOris.hsi, before: 8, after: 3, purpose: 'criminalInvestigation', caseNumber: 'numbered' },
  { ori: landmarkOris.hsi, before: 0, after: 1, purpose: 'criminalInvestigation', warrant: 'courtConfirmed', court: 'articleThree' },
  { ori: landmarkOris.cbpFieldOperations, before: 15, after: 32, purpose: 'borderInspection' },
  { ori: landmarkOris.borderPatrol, before: 5, after: 14 },
  { ori: landmarkOris.fbi, before: 6, after: 6, purpose: 'nationalSecurity', caseNumber: 'numbered' },
  { ori: landmarkOris.secretService, before: 0, after: 2, year: 0 },
  { ori: landmarkOris.coloradoPolice, before: 0, after: 0, year: 4 },
];

/** The rows of two years, decided by the version in force of their day. */
export function caseRows(): readonly SampleRow[] {
  const registry = caseRegistry();
  const rows: SampleRow[] = [];
  for (let month = 0; month < 24; month += 1) {
    for (const { ori, before, after, year, ...request } of habits) {
      for (const half of [0, 1]) {
        const at = Date.UTC(2024, 9 + month, half === 0 ? 3 : 18, 15);
        if (at > newest) continue;
        const later = at >= blockedAt;
        const times = Math.ceil((month < 12 ? (year ?? before) : later ? after : before) / 2);
        const requester = registry.requester(ori);
        if (times === 0 || requester === null) continue;
        rows.push({ ...decidedRow(later ? block : act, { ...request, at: new Date(at).toISOString(), ori, organisation: requester.organisation, attributes: requester.attributes('WA', new Date(at)) }), times });
      }
    }
  }
  return rows.sort((a, b) => (a.at < b.at ? -1 : 1));
}

export const caseEvents: readonly ArchiveEvent[] = [act, block].map(({ document, hash }, index) => ({
  index, at: index === 0 ? Date.UTC(2024, 0, 1) : blockedAt, event: 'policyActivated', subject: `WA ${document.version}`, hash, detail: null,
}));
