import { classesWanted, messageKeys, type CourtClass, type EvidenceGrade, type InquiryKey, type Purpose } from '../../src/vocabulary/index.ts';
import type { ContextWord } from '../../src/insight/archive/types.ts';
import type { Random } from '../random.ts';
import { apportion } from './apportion.ts';
import type { Work } from './works.ts';

/** What an agency's terminal can say. Of ordinary agencies, seven in ten have one that never says why. */
type Terminal = 'legacySilent' | 'legacyReason' | 'niemSilent' | 'jsonSilent' | 'niemMostly' | 'jsonMostly' | 'jsonAlways';
type CaseHabit = 'never' | 'half' | 'always';

const works: readonly Work[] = ['patrol', 'dispatch', 'investigation', 'court', 'jail', 'licensing', 'ero', 'hsi', 'port', 'borderPatrol', 'federal', 'federalCourt'];
const terminals: readonly Terminal[] = ['legacySilent', 'legacyReason', 'niemSilent', 'jsonSilent', 'niemMostly', 'jsonMostly', 'jsonAlways'];
const caseHabits: readonly CaseHabit[] = ['never', 'half', 'always'];

/** How many places the contexts of one habit share: the rarest thing that anybody does as a habit is one in so many. */
export const slotCount = 512;

/** What agencies ask and how: a habit is a list of contexts, each as often in it as it is asked. Few each, so that the tuples of a rollup stay few. */
export interface Habits {
  readonly contexts: readonly ContextWord[];
  /** `slots[habit * slotCount + chance]` is a place in `contexts`. */
  readonly slots: Uint16Array;
  /** The place of a context that is no habit, added where it is new. */
  place(context: Partial<ContextWord> & { readonly key: InquiryKey }, image?: boolean): number;
}

/** An asker's habit, by its work and by chance. */
export function habitOf(work: Work, random: Random): number {
  const terminal = chosen(shares[work] ?? ordinary, random.unit());
  const caseHabit = terminal.startsWith('legacy') ? 'never' : chosen({ never: 0.4, half: 0.35, always: 0.25 }, random.unit());
  return ((works.indexOf(work) * terminals.length + terminals.indexOf(terminal)) * caseHabits.length + caseHabits.indexOf(caseHabit)) * 2 + (random.chance(0.4) ? 1 : 0);
}

/** The habit at a place, to tell who gives a case number or asks for photos. */
export function habitAt(place: number): { readonly terminal: Terminal; readonly caseHabit: CaseHabit; readonly image: boolean } {
  const half = place >> 1;
  return {
    terminal: terminals[Math.floor(half / caseHabits.length) % terminals.length] as Terminal, caseHabit: caseHabits[half % caseHabits.length] as CaseHabit, image: (place & 1) === 1,
  };
}

/** All habits, in the order of their places. */
export function allHabits(): Habits {
  const contexts: ContextWord[] = [];
  const places = new Map<string, number>();
  const place: Habits['place'] = (given, image = false) => {
    const context: ContextWord = {
      kind: messageKeys[given.key].kind, format: 'json', purpose: 'notStated', warrant: 'none', court: 'notStated', caseNumber: 'none', wanted: classesWanted(given.key, image), delegated: null, ...given,
    };
    const name = JSON.stringify(context);
    const known = places.get(name);
    if (known !== undefined) return known;
    places.set(name, contexts.length);
    return contexts.push(context) - 1;
  };
  const slots = new Uint16Array(works.length * terminals.length * caseHabits.length * 2 * slotCount);
  let at = 0;
  for (const work of works) for (const terminal of terminals) for (const caseHabit of caseHabits) for (const image of [false, true]) {
    const parts = mixOf(work, terminal, caseHabit, image);
    const counts = apportion(slotCount, parts.map(({ share }) => share));
    for (const [i, { context, photo }] of parts.entries()) {
      const count = counts[i] ?? 0;
      if (count > 0) slots.fill(place(context, photo), at, at + count);
      at += count;
    }
  }
  return { contexts, slots, place };
}

interface Part {
  readonly context: Partial<ContextWord> & { readonly key: InquiryKey };
  readonly photo: boolean;
  readonly share: number;
}

function mixOf(work: Work, terminal: Terminal, caseHabit: CaseHabit, image: boolean): readonly Part[] {
  const format = terminal.startsWith('legacy') ? 'legacy' : terminal.startsWith('niem') ? 'niem' : 'json';
  const plain = keysOf[work].flatMap(([key, photo, share]) => purposesOf(work, terminal, key).flatMap(([purpose, p]) => casesOf(caseHabit).map(([caseNumber, c]): Part => (
    { context: { key, format, purpose, caseNumber }, photo: photo && image, share: share * p * c }
  ))));
  if (format === 'legacy') return plain;
  return [...plain, ...(papers[work] ?? []).map(([warrant, court, share]): Part => ({
    context: { key: 'DQ', format, purpose: purposesOf(work, terminal, 'DQ')[0]?.[0] ?? 'notStated', warrant, court, caseNumber: 'numbered' }, photo: image, share: share * 100,
  }))];
}

/** What each work asks, of a hundred: the key, whether with a photo (where the agency asks for photos at all), how often. */
const keysOf: Readonly<Record<Work, readonly (readonly [InquiryKey, boolean, number])[]>> = {
  patrol: [['RQ', false, 58], ['DQ', false, 27], ['DQ', true, 12], ['KQ', false, 3]],
  dispatch: [['RQ', false, 64], ['DQ', false, 29], ['DQ', true, 6], ['RPQ', false, 0.3], ['DNQ', false, 0.3]],
  investigation: [['DQ', false, 30], ['DQ', true, 24], ['RQ', false, 34], ['KQ', false, 8], ['DNQ', false, 1.5], ['RNQ', false, 1], ['RPQ', false, 1]],
  court: [['KQ', false, 52], ['DQ', false, 48]],
  jail: [['DQ', false, 58], ['DQ', true, 30], ['RQ', false, 12]],
  licensing: [['DQ', false, 60], ['KQ', false, 40]],
  ero: [['RQ', false, 42], ['DQ', false, 29], ['DQ', true, 26], ['RNQ', false, 1.5], ['DNQ', false, 1.5]],
  hsi: [['RQ', false, 44], ['DQ', false, 28], ['DQ', true, 22], ['KQ', false, 3], ['RNQ', false, 1], ['RPQ', false, 1], ['DNQ', false, 1]],
  port: [['RQ', false, 72], ['DQ', false, 20], ['DQ', true, 8]],
  borderPatrol: [['RQ', false, 70], ['DQ', false, 20], ['DQ', true, 10]],
  federal: [['RQ', false, 40], ['DQ', false, 34], ['DQ', true, 18], ['KQ', false, 6], ['DNQ', false, 1], ['RNQ', false, 1]],
  federalCourt: [['KQ', false, 60], ['DQ', false, 40]],
};

/** Why, where it is said: most often the first, else the second. */
const reasons: Readonly<Record<Work, readonly [Purpose, Purpose]>> = {
  patrol: ['trafficEnforcement', 'theft'], dispatch: ['trafficEnforcement', 'emergency'], investigation: ['criminalInvestigation', 'violentCrime'], court: ['courtProceeding', 'warrantService'],
  jail: ['warrantService', 'criminalInvestigation'], licensing: ['licensing', 'employmentCheck'], ero: ['civilImmigration', 'warrantService'], hsi: ['criminalInvestigation', 'fraud'],
  port: ['borderInspection', 'criminalInvestigation'], borderPatrol: ['borderInspection', 'criminalImmigration'], federal: ['criminalInvestigation', 'narcotics'], federalCourt: ['courtProceeding', 'warrantService'],
};

/** Purposes for which the legacy text has a code of its own. */
const coded: ReadonlySet<Purpose> = new Set<Purpose>(['narcotics', 'fraud', 'violentCrime', 'trafficEnforcement', 'theft', 'missingPerson']);

function purposesOf(work: Work, terminal: Terminal, key: InquiryKey): readonly (readonly [Purpose, number])[] {
  const [first, second] = reasons[work];
  switch (terminal) {
    case 'legacySilent': case 'niemSilent': case 'jsonSilent': return [['notStated', 1]];
    case 'legacyReason': {
      if (!messageKeys[key].reasonAllowed) return [['notStated', 1]];
      const said = [first, second].filter((purpose) => coded.has(purpose));
      return [...said.map((purpose): [Purpose, number] => [purpose, 0.75 / said.length]), ['notStated', said.length === 0 ? 1 : 0.25]];
    }
    case 'niemMostly': case 'jsonMostly': return [[first, 0.7], [second, 0.15], ['notStated', 0.15]];
    case 'jsonAlways': return [[first, 0.78], [second, 0.22]];
  }
}

function casesOf(habit: CaseHabit): readonly (readonly [EvidenceGrade, number])[] {
  switch (habit) {
    case 'never': return [['none', 1]];
    case 'half': return [['none', 0.5], ['numbered', 0.5]];
    case 'always': return [['numbered', 0.96], ['none', 0.04]];
  }
}

/** Papers, rare: what grade, who signed, how often. */
const papers: Partial<Readonly<Record<Work, readonly (readonly [EvidenceGrade, CourtClass, number])[]>>> = {
  ero: [['stated', 'administrative', 0.03], ['courtConfirmed', 'federalMagistrate', 0.003]],
  hsi: [['numbered', 'federalMagistrate', 0.006], ['courtConfirmed', 'articleThree', 0.004]],
  federal: [['numbered', 'federalMagistrate', 0.004], ['documentHash', 'articleThree', 0.002]],
  investigation: [['documentHash', 'stateCourt', 0.004], ['courtConfirmed', 'stateCourt', 0.002]],
};

const ordinary: Readonly<Record<Terminal, number>> = { legacySilent: 0.45, legacyReason: 0.05, niemSilent: 0.18, jsonSilent: 0.07, niemMostly: 0.08, jsonMostly: 0.07, jsonAlways: 0.1 };
const shares: Partial<Readonly<Record<Work, Partial<Record<Terminal, number>>>>> = {
  ero: { legacySilent: 0.2, niemSilent: 0.55, jsonMostly: 0.25 },
  hsi: { niemSilent: 0.35, niemMostly: 0.35, jsonAlways: 0.3 },
  port: { niemSilent: 0.3, niemMostly: 0.3, jsonAlways: 0.4 },
  borderPatrol: { legacySilent: 0.3, niemSilent: 0.4, niemMostly: 0.3 },
};

function chosen<W extends string>(parts: Partial<Readonly<Record<W, number>>>, chance: number): W {
  const list = Object.entries(parts) as [W, number][];
  let left = chance;
  for (const [word, share] of list) {
    left -= share;
    if (left < 0) return word;
  }
  return (list.at(-1) as [W, number])[0];
}
