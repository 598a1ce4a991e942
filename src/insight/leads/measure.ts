import { detectors } from './detectors/index.ts';
import { findLeads } from './find.ts';
import type { Lead, LeadKind, LeadsInput, PlantedCase } from './types.ts';

/** What the detectors made of a log whose planted cases are known. */
export interface LeadMeasure {
  readonly owner: string;
  readonly agencies: number;
  readonly agencyMonths: number;
  readonly entries: number;
  readonly kinds: readonly KindMeasure[];
}

export interface KindMeasure {
  readonly kind: LeadKind;
  /** Null where it could not run. */
  readonly ran: boolean;
  readonly planted: number;
  readonly found: number;
  /** Leads of this kind about the agency or user of a case planted as another kind: they show the same matter. */
  readonly beside: number;
  /** Leads of this kind about nobody who was planted: the false ones. */
  readonly others: number;
  /** The same for each thousand months in which an agency asked. */
  readonly othersPerThousandAgencyMonths: number;
  readonly missed: readonly PlantedCase[];
}

/** Looks for everything and compares with what was planted. Every lead that nobody planted counts as false, though the invented world may have made it by itself. */
export async function measureLeads(input: LeadsInput, planted: readonly PlantedCase[]): Promise<LeadMeasure> {
  const { owner } = input;
  const cases = planted.filter((one) => one.owner === owner);
  const report = await findLeads(input, { perKind: Infinity, indices: 1 });
  const kinds = detectors.map(({ kind }): KindMeasure => {
    const leads = report.leads.filter((lead) => lead.kind === kind);
    const own = cases.filter((one) => one.kind === kind);
    const missed = own.filter((one) => !leads.some((lead) => shows(lead, one)));
    const left = leads.filter((lead) => !own.some((one) => shows(lead, one)));
    const beside = left.filter((lead) => cases.some((one) => touches(lead, one))).length;
    return {
      kind, ran: report.detectors.find((one) => one.kind === kind)?.ran ?? false, planted: own.length, found: own.length - missed.length, beside, others: left.length - beside,
      othersPerThousandAgencyMonths: (1000 * (left.length - beside)) / Math.max(1, report.agencyMonths), missed,
    };
  });
  return { owner, agencies: report.agencies, agencyMonths: report.agencyMonths, entries: report.entries, kinds };
}

/** A case as `planted.json` has it. Throws `TypeError` where the file is something else. */
export function readPlanted(text: string): readonly PlantedCase[] {
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) throw new TypeError('a list of cases is expected');
  return value.map((one) => {
    const { kind, owner, ori, user } = (typeof one === 'object' && one !== null ? one : {}) as Partial<Record<keyof PlantedCase, unknown>>;
    const texts = [ori, user].every((part) => part === null || typeof part === 'string');
    if (!texts || typeof owner !== 'string' || !detectors.some((detector) => detector.kind === kind)) throw new TypeError('a case has a kind, an owner, an ORI and a user');
    return one as PlantedCase;
  });
}

function shows({ who }: Lead, { ori, user, subject }: PlantedCase): boolean {
  return (ori === null || who.oris.includes(ori)) && (user === null || who.user === null || who.user === user) && (subject === undefined || subject === null || who.subject === null || who.subject === subject);
}

function touches({ who }: Lead, { ori, user, subject }: PlantedCase): boolean {
  return (ori !== null && who.oris.includes(ori)) || (user !== null && who.user === user) || (typeof subject === 'string' && who.subject === subject);
}
