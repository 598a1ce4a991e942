import { gradeAtLeast, gradeOrder } from '../vocabulary/index.ts';
import { allContexts, type Condition, type Context } from '../policy/index.ts';

/** Whether the papers, purpose and kind of query of a request are such as a condition asks for. What it says of an organisation is left out. */
export function meets(context: Context, { for: purposes, warrant, court, caseNumber, query }: Omit<Condition, 'to'>): boolean {
  return (purposes === undefined || purposes.includes(context.purpose))
    && (warrant === undefined || gradeAtLeast(context.warrant, warrant))
    && (court === undefined || court.includes(context.court))
    && (caseNumber === undefined || gradeAtLeast(context.caseNumber, caseNumber))
    && (query === undefined || query.includes(context.kind));
}

let ordered: readonly Context[] | null = null;

/** Every admissible context, those with the fewest and weakest papers first: an example is the more telling the less it needed. */
export function plainestFirst(): readonly Context[] {
  if (ordered !== null) return ordered;
  const weight = ({ warrant, caseNumber, kind, court }: Context): number =>
    (gradeOrder.indexOf(warrant) * 5 + gradeOrder.indexOf(caseNumber)) * 20 + (court === 'notStated' ? 0 : 10) + (kind === 'lookup' ? 0 : 1);
  ordered = [...allContexts].sort((a, b) => weight(a) - weight(b));
  return ordered;
}
