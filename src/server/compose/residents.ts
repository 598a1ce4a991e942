import type { Journal, Sources } from '../../exchange/index.ts';
import { plainCode, plainName } from '../../exchange/recordSubjects.ts';
import type { PersonName } from '../../model/index.ts';
import type { Keys, LedgerReader } from '../../ledger/index.ts';
import { makeReport, readFacts, readWithheld, residentSubjects, treeOfFiles, type ResidentGiven } from '../../ledger/subjects/index.ts';
import { builtInSteps, openResidents, programStep, ResidentError, type RecordMatch, type Residents, type ResidentsParts } from '../../residents/index.ts';
import type { LedgerPlaces } from './ledgerFolder.ts';
import type { SettingsFile } from './settings.ts';

/** What residents' requests need of a running exchange. */
export interface ResidentsWiring extends Pick<ResidentsParts, 'sql' | 'acts' | 'isOwner' | 'agencyName' | 'now'> {
  readonly keys: Keys;
  readonly reader: LedgerReader;
  readonly journal: Journal;
  readonly places: LedgerPlaces;
  readonly sources: Sources;
  readonly settings: SettingsFile;
}

/** Requests of residents, over the ledger, the sources and the settings of an exchange. */
export function wireResidents({ keys, reader, journal, places, sources, settings, ...rest }: ResidentsWiring): Residents {
  const programs = Object.entries(settings.proofing ?? {}).map(([id, { plain, command }]) => programStep(id, plain, command));
  const chosen = settings.residents ?? {};
  return openResidents({
    ...rest,
    seal: (owner, plain) => keys.seal(owner, plain),
    unseal: (owner, sealed) => keys.unseal(owner, sealed),
    plugs: [...builtInSteps(recordMatch(sources)), ...programs],
    stepsOf: (owner) => (chosen[owner] ?? chosen['default'])?.steps ?? ['recordMatch', 'inPerson'],
    report: async (owner, given, from, to, number) => {
      const facts = await readFacts(reader, { place: places.ledger });
      const withheld = await readWithheld(reader, owner, { place: places.ledger });
      return makeReport({
        owner, subjects: residentSubjects(given, from, to), from, to, who: number, reader, keys, epochs: places.ledger, facts, withheld, tree: (log, covering) => treeOfFiles(places.ledger, log, covering), now: Date.now(),
      }, journal);
    },
    lastClosed: async (owner) => (await readFacts(reader, { place: places.ledger })).epochs.get(owner)?.at(-1)?.day ?? null,
  });
}

/** Whether each licence number that was given is one record with the name and birth date that were given. Nothing of the record is told. */
function recordMatch(sources: Sources): RecordMatch {
  return async (owner: string, { licences, people }: ResidentGiven): Promise<boolean> => {
    const [licence] = licences;
    const [person] = people;
    if (licence === undefined || person === undefined) return false;
    const source = sources.of(owner);
    if (source === null) throw new ResidentError('RESIDENT_PROOF', 'the owner has no records here', 'Choose another step.');
    const found = await source.lookup({ key: 'DQ', subject: { kind: 'licence', number: plainCode(licence) }, classes: ['name', 'birthDate'], limit: 2 });
    if (found.status === 'unavailable') throw new ResidentError('RESIDENT_PROOF', 'the records cannot be reached now', 'Try again later.');
    const [record] = found.status === 'found' ? found.records : [];
    return found.status === 'found' && found.records.length === 1 && record?.birthDate === person.birthDate && record.name !== undefined && sameName(record.name, person.name);
  };
}

/** The same surname and given name; middle names are left out as often as not. */
function sameName(a: PersonName, b: PersonName): boolean {
  const [one, other] = [plainName(a), plainName(b)];
  return one !== null && other !== null && one.surname === other.surname && one.given === other.given;
}
