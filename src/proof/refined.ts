import { evidenceGoesTogether, noEvidence } from '../vocabulary/index.ts';
import type { ContextSpace } from '../policy/index.ts';
import { spaceOf } from '../policy/table/space.ts';
import { axisWords, contextAxes } from './minimal.ts';

/** The coarsest space that tells apart all that either of two spaces does: both can be read in it. */
export interface RefinedSpace {
  readonly space: ContextSpace;
  /** For each cell, the cell of the first space and of the second that it lies in. */
  readonly before: Uint32Array;
  readonly after: Uint32Array;
  /** For each cell, how many admissible contexts it stands for. */
  readonly weight: Uint32Array;
}

export function refine(before: ContextSpace, after: ContextSpace): RefinedSpace {
  const groups = Object.fromEntries(contextAxes.map((axis) => {
    const place = (space: ContextSpace, word: string) => space.groups[axis].findIndex((group: readonly string[]) => group.includes(word));
    const found = new Map<string, string[]>();
    for (const word of axisWords[axis]) {
      const key = `${place(before, word)} ${place(after, word)}`;
      found.set(key, [...(found.get(key) ?? []), word]);
    }
    return [axis, [...found.values()]];
  })) as unknown as ContextSpace['groups'];
  const space = spaceOf(groups);
  const cells = Array.from({ length: space.size }, (_, cell) => space.groupsOf(cell));
  const placeIn = (other: ContextSpace) => Uint32Array.from(cells, ({ purpose, warrant, court, caseNumber, kind }) => other.cellOf(
    purpose[0] ?? 'notStated', { warrant: warrant[0] ?? noEvidence.warrant, court: court[0] ?? noEvidence.court, caseNumber: caseNumber[0] ?? noEvidence.caseNumber }, kind[0] ?? 'lookup'));
  const weight = Uint32Array.from(cells, ({ purpose, warrant, court, caseNumber, kind }) =>
    purpose.length * caseNumber.length * kind.length * warrant.reduce((sum, one) => sum + court.filter((other) => evidenceGoesTogether(one, other)).length, 0));
  return { space, before: placeIn(before), after: placeIn(after), weight };
}
