import {
  allPurposes, evidenceGoesTogether, namesOf, courtClasses, evidenceGrades, gradeAtLeast, queryKinds,
  type CourtClass, type EvidenceFacts, type EvidenceGrade, type Purpose, type QueryKind,
} from '../../vocabulary/index.ts';
import type { Condition } from '../document.ts';
import { emptyPlane, fullPlane, setBit, type Plane } from './planes.ts';
import type { Context, ContextSpace } from './types.ts';

export type Groups = ContextSpace['groups'];

const axes = ['purpose', 'warrant', 'court', 'caseNumber', 'kind'] as const;

const words: { readonly [A in keyof Context]: readonly Context[A][] } = {
  purpose: allPurposes, warrant: namesOf(evidenceGrades), court: namesOf(courtClasses), caseNumber: namesOf(evidenceGrades), kind: namesOf(queryKinds),
};

/** Every context that a request can have: a court is stated only with a warrant. */
export const allContexts: readonly Context[] = words.purpose.flatMap((purpose) => words.warrant.flatMap((warrant) =>
  words.court.filter((court) => evidenceGoesTogether(warrant, court)).flatMap((court) =>
    words.caseNumber.flatMap((caseNumber) => words.kind.map((kind): Context => Object.freeze({ purpose, warrant, court, caseNumber, kind }))))));

/** What a part of a rule asks of the context: on each axis the words that it takes, absent where it takes all. */
export type Box = { readonly [A in keyof Context]?: readonly Context[A][] };

/** The context part of a condition: a grade means at least that grade. What it says of the asker is left out. */
export function boxOf(condition: Omit<Condition, 'to'>): Box {
  const { for: purpose, warrant, court, caseNumber, query } = condition;
  return {
    ...(purpose === undefined ? {} : { purpose }),
    ...(warrant === undefined ? {} : { warrant: atLeast(warrant) }),
    ...(court === undefined ? {} : { court }),
    ...(caseNumber === undefined ? {} : { caseNumber: atLeast(caseNumber) }),
    ...(query === undefined ? {} : { kind: query }),
  };
}

/** The coarsest groups in which no box separates two words of one group. */
export function groupsFor(boxes: readonly Box[]): Groups {
  return Object.fromEntries(axes.map((axis) => {
    const lists = [...new Set(boxes.flatMap((box) => (box[axis] === undefined ? [] : [box[axis].join(' ')])))].map((text) => new Set(text.split(' ')));
    const groups = new Map<string, string[]>();
    for (const word of words[axis]) {
      const key = lists.map((list) => (list.has(word) ? '1' : '0')).join('');
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [word]);
      else group.push(word);
    }
    return [axis, [...groups.values()]];
  })) as unknown as Groups;
}

/** True where each axis has every word once: the guard for groups from bytes. */
export function areGroups(groups: unknown): groups is Groups {
  if (typeof groups !== 'object' || groups === null || Object.keys(groups).join() !== axes.join()) return false;
  return axes.every((axis) => {
    const given: unknown = (groups as Record<string, unknown>)[axis];
    if (!Array.isArray(given) || !given.every((group): group is unknown[] => Array.isArray(group) && group.length > 0)) return false;
    return given.flat().map(String).sort().join() === [...words[axis]].sort().join();
  });
}

/** A space over these groups. Cells are numbered with the last axis running fastest. */
export function spaceOf(groups: Groups): ContextSpace {
  const size = axes.reduce((product, axis) => product * groups[axis].length, 1);
  const offsets = offsetsOf(groups);
  const cellOf = (purpose: Purpose, evidence: EvidenceFacts, kind: QueryKind): number => cellAt(offsets, purpose, evidence.warrant, evidence.court, evidence.caseNumber, kind);
  let places: Uint16Array | null = null;
  const cells = (): Uint16Array => (places ??= Uint16Array.from(allContexts, (c) => cellAt(offsets, c.purpose, c.warrant, c.court, c.caseNumber, c.kind)));
  const select = (test: (context: Context) => boolean): Plane => {
    const plane = emptyPlane(size);
    const at = cells();
    allContexts.forEach((context, i) => {
      if (test(context)) setBit(plane, at[i] ?? 0);
    });
    return plane;
  };
  let admissible: Plane | null = null;
  return {
    size, groups, cellOf, select,
    groupsOf: (cell) => groupsAt(groups, cell),
    contextsOf: (cell) => allContexts.filter((_, i) => cells()[i] === cell),
    get all() { return (admissible ??= select(() => true)); },
  };
}

/** The cells that lie in a box. No box of the policy cuts a cell in two. */
export function planeOfBox(groups: Groups, box: Box): Plane {
  const size = axes.reduce((product, axis) => product * groups[axis].length, 1);
  if (axes.every((axis) => box[axis] === undefined)) return fullPlane(size);
  const taken = axes.map((axis) => {
    const list: readonly string[] | undefined = box[axis];
    return groups[axis].map((group) => list === undefined || list.includes(group[0] ?? ''));
  });
  const plane = emptyPlane(size);
  for (let cell = 0; cell < size; cell += 1) {
    let rest = cell;
    let inside = true;
    for (let axis = axes.length - 1; axis >= 0 && inside; axis -= 1) {
      const count = taken[axis]?.length ?? 1;
      inside = taken[axis]?.[rest % count] === true;
      rest = Math.floor(rest / count);
    }
    if (inside) setBit(plane, cell);
  }
  return plane;
}

/** What each word adds to the number of the cell. Objects and not maps: a property of a known shape is the cheapest look-up there is. */
interface Offsets {
  readonly purpose: Readonly<Record<Purpose, number>>;
  readonly warrant: Readonly<Record<EvidenceGrade, number>>;
  readonly court: Readonly<Record<CourtClass, number>>;
  readonly caseNumber: Readonly<Record<EvidenceGrade, number>>;
  readonly kind: Readonly<Record<QueryKind, number>>;
}

function offsetsOf(groups: Groups): Offsets {
  let stride = 1;
  const found: Record<string, Readonly<Record<string, number>>> = {};
  for (const axis of [...axes].reverse()) {
    const step = stride;
    found[axis] = Object.fromEntries(groups[axis].flatMap((group, index) => group.map((word): [string, number] => [word, index * step])));
    stride *= groups[axis].length;
  }
  return found as unknown as Offsets;
}

function cellAt(offsets: Offsets, purpose: Purpose, warrant: EvidenceGrade, court: CourtClass, caseNumber: EvidenceGrade, kind: QueryKind): number {
  return offsets.purpose[purpose] + offsets.warrant[warrant] + offsets.court[court] + offsets.caseNumber[caseNumber] + offsets.kind[kind];
}

function groupsAt(groups: Groups, cell: number): ReturnType<ContextSpace['groupsOf']> {
  const found: Record<string, readonly string[]> = {};
  let rest = cell;
  for (const axis of [...axes].reverse()) {
    const list = groups[axis];
    found[axis] = list[rest % list.length] ?? [];
    rest = Math.floor(rest / list.length);
  }
  return found as unknown as ReturnType<ContextSpace['groupsOf']>;
}

function atLeast(grade: EvidenceGrade): readonly EvidenceGrade[] {
  return words.warrant.filter((one) => gradeAtLeast(one, grade));
}
