import { createHash } from 'node:crypto';
import { count } from '../../vocabulary/counts.ts';
import { partyWords } from '../parties.ts';
import { detectors } from './detectors/index.ts';
import type { Detector, Finding } from './finding.ts';
import type { Ground } from './ground.ts';
import { clearGround, layGround } from './layGround.ts';
import { countBehind, readBehind, type Behind, type BehindRow } from './rowsBehind.ts';
import type { DetectorReport, Lead, LeadKind, LeadReport, LeadsInput } from './types.ts';
import { hexTag, percent, rarity } from './words.ts';

export interface FindOptions {
  /** Only these; all where it is left out. */
  readonly kinds?: readonly LeadKind[];
  /** Only leads about this ORI. */
  readonly agency?: string;
  /** At most so many of each kind; the report says how many more there are. */
  readonly perKind?: number;
  /** So many indices with each lead. */
  readonly indices?: number;
}

export const defaultPerKind = 10;

/**
 * Looks through one owner's log over the period of the session. Leads come with most harm and most unusual first. What a log lacks is said of each detector
 * that needs it. Throws `ARCHIVE_UNKNOWN` where the owner is not in the session.
 */
export async function findLeads(input: LeadsInput, { kinds, agency, perKind = defaultPerKind, indices = 50 }: FindOptions = {}): Promise<LeadReport> {
  return await onGround(input, async (ground) => {
    const reports: DetectorReport[] = [];
    const kept: Ranked[] = [];
    for (const detector of detectors.filter(({ kind }) => kinds === undefined || kinds.includes(kind))) {
      const { report, ranked } = await run(ground, detector, agency);
      reports.push(report);
      kept.push(...ranked.slice(0, perKind));
    }
    input.say?.('reading the entries behind the leads');
    const behind = await countBehind(ground, kept.map(({ finding }) => finding), indices);
    const { dataset, period, watermarks } = ground.session;
    const newest = watermarks.get(ground.owner)?.newest ?? null;
    return {
      dataset: dataset.name, datasetKind: dataset.kind, label: dataset.label, lacks: dataset.lacks, owner: ground.owner, period, timeZone: 'UTC',
      newest: newest === null ? null : new Date(newest).toISOString(), entries: ground.entries, agencies: ground.offices.length, agencyMonths: ground.agencyMonths,
      leads: kept.map((ranked, i) => leadOf(ground, ranked, behind[i] as Behind)).sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1)),
      detectors: reports, leftOut: leftOutOf(ground),
    };
  });
}

/** The entries behind one lead, by its id; null where no such lead is found in this period. */
export async function findRows(input: LeadsInput, id: string, most: number): Promise<{ readonly lead: Lead; readonly rows: readonly BehindRow[] } | null> {
  const detector = detectors.find(({ kind }) => kind === kindOfId(id));
  if (detector === undefined) return null;
  return await onGround(input, async (ground) => {
    const ranked = (await run(ground, detector, undefined)).ranked.find((one) => one.id === id);
    if (ranked === undefined) return null;
    const [behind] = await countBehind(ground, [ranked.finding], most);
    return { lead: leadOf(ground, ranked, behind as Behind), rows: await readBehind(ground, ranked.finding, most) };
  });
}

/** The kind that an id begins with; null where it is no id of a lead. */
export function kindOfId(id: string): LeadKind | null {
  const found = /^([A-Za-z]+)-[0-9a-f]{12}$/.exec(id);
  return detectors.find(({ kind }) => kind === found?.[1])?.kind ?? null;
}

interface Ranked {
  readonly id: string;
  readonly finding: Finding;
  readonly detector: Detector;
  readonly looked: number;
  readonly score: number;
}

async function onGround<T>(input: LeadsInput, work: (ground: Ground) => Promise<T>): Promise<T> {
  const ground = await layGround(input);
  try {
    return await work(ground);
  } finally {
    await clearGround(input.session);
  }
}

async function run(ground: Ground, detector: Detector, agency: string | undefined): Promise<{ readonly report: DetectorReport; readonly ranked: readonly Ranked[] }> {
  const { kind } = detector;
  const { cannot, ran } = await sightOf(ground, detector);
  if (!ran) return { report: { kind, cannot, ran, looked: 0, found: 0 }, ranked: [] };
  const { findings, looked } = await detector.find(ground);
  const ranked = findings.map((finding): Ranked => ({ id: idOf(ground, kind, finding), finding, detector, looked, score: scoreOf(finding) }))
    .filter(({ finding: { office, together } }) => agency === undefined || [...(together?.offices ?? []), ...(office === null ? [] : [office])].some((place) => ground.offices[place]?.ori === agency))
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  return { report: { kind, cannot, ran, looked, found: ranked.length }, ranked };
}

const lackWords: Readonly<Record<Detector['needs'][number], string>> = {
  decisions: 'which rules decided', released: 'what was given', purpose: 'why was asked', evidence: 'whether there was a case number', user: 'which user asked', subject: 'whom or what was asked about',
  status: 'what came of a question', attributesThen: 'what agencies were at the time',
};

/** Whether the log has what a detector needs. */
async function sightOf(ground: Ground, { needs, sees }: Detector): Promise<{ readonly cannot: string | null; readonly ran: boolean }> {
  const lacking = needs.filter((need) => ground.session.dataset.lacks.includes(need));
  if (lacking.length > 0) return { cannot: `It cannot run: the log does not say ${lacking.map((lack) => lackWords[lack]).join(' and ')}.`, ran: false };
  if (ground.entries === 0) return { cannot: 'It cannot run: there is no entry in this period.', ran: false };
  const units = await ground.units();
  if (needs.includes('user') && !units.user.some((user) => user !== 0n)) return { cannot: 'It cannot run: no entry of this period says which user asked.', ran: false };
  const seen = sees?.(units);
  if (seen === undefined) return { cannot: null, ran: true };
  if (seen.known === 0) return { cannot: `It cannot run: no entry of this period says ${seen.what}.`, ran: false };
  return { cannot: seen.known < 0.5 * ground.entries ? `It saw only part: ${percent(seen.known / ground.entries)} of entries say ${seen.what}.` : null, ran: true };
}

/** The same matter has the same id whenever it is looked for: kind, owner, whose it is and of whom, nothing that a later entry changes. */
function idOf({ offices, owner }: Ground, kind: LeadKind, { office, user, subject, matter, together }: Finding): string {
  const ori = together === undefined && office !== null ? offices[office]?.ori ?? '' : '';
  const text = JSON.stringify([kind, owner, ori, user === null ? '' : hexTag(user), subject === null ? '' : hexTag(subject), matter]);
  return `${kind}-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
}

/** Harm times unusualness: the zeros of the chance, from 1 to 12; a fact counts as six. */
function scoreOf({ harm, lnP }: Finding): number {
  const zeros = lnP === null ? 6 : Math.min(12, Math.max(1, -lnP / Math.LN10));
  return Math.round(harm * zeros * 100) / 100;
}

function leadOf(ground: Ground, { id, finding, detector, looked, score }: Ranked, behind: Behind): Lead {
  const { office: place, user, together, lnP } = finding;
  const office = place === null ? undefined : ground.offices[place];
  const { owner, session: { dataset, period } } = ground;
  const shown = behind.indices.slice(0, 20);
  return {
    id, kind: detector.kind, owner, seen: finding.seen, baseline: finding.baseline, peers: finding.peers, harm: finding.harm, score, innocent: finding.innocent,
    who: {
      ori: office?.ori ?? null, agency: together?.name ?? office?.name ?? 'many agencies', oris: together === undefined ? (office === undefined ? [] : [office.ori]) : together.offices.map((one) => ground.offices[one]?.ori ?? ''),
      organisation: office?.organisation ?? null, party: office?.attributes.party ?? null, user: user === null || user === 0n ? null : hexTag(user), subject: finding.subject === null ? null : hexTag(finding.subject),
    },
    unusual: {
      test: detector.test, p: lnP === null ? null : Math.max(1e-300, Math.exp(lnP)), looked,
      text: lnP === null ? 'This is on record, and no matter of chance.' : `By chance alone it would come ${rarity(lnP)} times. ${count(looked)} were looked at in the same way.`,
    },
    rows: {
      ...behind,
      commands: [
        `weir leads ${owner} --period ${period.text} --log ${dataset.name} --rows ${id}`,
        ...(dataset.kind === 'ledger' && shown.length > 0 ? [`weir ledger open --owner ${owner} --for owner --index ${shown.join(' ')} --out ${id}.json`] : []),
      ],
    },
  };
}

/** In words, what this looking left out. */
function leftOutOf({ words, session: { dataset }, offices }: Ground): readonly string[] {
  const undeclared = offices.filter(({ attributes }) => attributes.party === 'undeclared').length;
  return [
    'Entries that were sent again, openings of the log and withheld entries are not counted.',
    'Look-ups in the records of other owners are not seen: each owner\'s log is its own.',
    'A state with two time zones counts as the one in which most of its people live.',
    ...(undeclared === 0 ? [] : [`${count(undeclared)} ${undeclared === 1 ? 'agency is' : 'agencies are'} not known to the registry; such are compared with each other (${partyWords.undeclared}).`]),
    ...(words.outcomes.some(({ held }) => held) ? ['What was given after a review is not looked at: a photo counts as given where it went out at once.'] : []),
    ...(words.outcomes.length === 0 || dataset.lacks.includes('status') ? ['What came of a question is not known.'] : []),
  ];
}
