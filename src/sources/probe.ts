import type { SourceQuery } from '../exchange/ports.ts';
import type { PersonName, Subject } from '../model/index.ts';
import { allDataClasses, type InquiryKey, type SubjectKind } from '../vocabulary/index.ts';
import { connectorOf } from './book.ts';
import type { Finding } from './connector.ts';
import { SourceFault, type SourceFaultCode } from './fault.ts';
import { kinds, termsOf } from './subject.ts';
import type { Mapping } from './mappingSchema.ts';
import { resolveConnection, type SourceSettings } from './settings.ts';

/** How one kind of look-up went. `unmapped` is no fault: the owner does not answer that kind. */
export interface Trial {
  readonly kind: SubjectKind;
  readonly outcome: 'found' | 'none' | 'unmapped' | SourceFaultCode;
  /** For the operator; null where nothing is wrong. */
  readonly message: string | null;
  readonly milliseconds: number;
}

/** What `weir source test` found. */
export interface Probe {
  /** Tables and columns that are missing. */
  readonly findings: readonly Finding[];
  readonly trials: readonly Trial[];
}

/**
 * Connects to a source, looks for every table and column of the mapping, and tries each kind of look-up with a subject that
 * nobody is, for all classes. Rejects with a `SourcesError` or `SourceFault` where it cannot connect at all.
 */
export async function probeSource(mapping: Mapping, owner: string, settings: SourceSettings): Promise<Probe> {
  const connector = connectorOf(mapping, await resolveConnection(mapping.connection, settings), settings);
  try {
    const findings = await connector.inspect();
    const trials: Trial[] = [];
    for (const [kind, subject] of Object.entries(strangers) as [SubjectKind, Subject][]) {
      const began = performance.now();
      const tell = (outcome: Trial['outcome'], message: string | null): void => void trials.push({ kind, outcome, message, milliseconds: Math.round(performance.now() - began) });
      if (mapping.dialect !== 'http' && termsOf(kind, 0, mapping) === null) {
        tell('unmapped', `\`${kinds[kind].section}\` has no column to look up by`);
        continue;
      }
      const query: SourceQuery = { key: keys[kind], subject, classes: allDataClasses, limit: 1 };
      try {
        tell((await connector.fetch(owner, query, { gone: false, onGone: null })).status as 'found' | 'none', null);
      } catch (error) {
        const fault = error instanceof SourceFault ? error : new SourceFault('down', 'the source failed in an unexpected way');
        tell(fault.code, fault.message);
      }
    }
    return { findings, trials };
  } finally {
    await connector.close();
  }
}

const name: PersonName = { surname: 'ZZ-WEIR-TEST', given: 'ZZ', middle: '' };

/** Subjects that are nobody's. */
const strangers: Readonly<Record<SubjectKind, Subject>> = {
  licence: { kind: 'licence', number: 'ZZWEIRTEST' },
  person: { kind: 'person', name, birthDate: '1900-01-01', sex: 'M' },
  name: { kind: 'name', name },
  plate: { kind: 'plate', plate: 'ZZWEIRTEST', plateYear: null, plateType: null },
  vin: { kind: 'vin', vin: 'ZZWEIRTEST', make: null, year: null },
  owner: { kind: 'owner', name },
  partialPlate: { kind: 'partialPlate', pattern: 'ZZWEIRTEST*', plateType: null },
};

const keys: Readonly<Record<SubjectKind, InquiryKey>> = { licence: 'DQ', person: 'DQ', name: 'DNQ', plate: 'RQ', vin: 'RQ', owner: 'RNQ', partialPlate: 'RPQ' };
