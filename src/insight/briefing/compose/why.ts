import { purposePhrases } from '../../../policy/phrases.ts';
import { isNameOf, purposes } from '../../../vocabulary/index.ts';
import type { OwnerInput } from '../input.ts';
import { listed, say, times } from '../say.ts';
import type { Section, Sentence } from '../types.ts';
import type { Source } from './book.ts';
import { foldedBy, sum } from './counts.ts';

export function whySection(input: Pick<OwnerInput, 'reasons' | 'warrants' | 'facts'>, from: { readonly reasons: Source; readonly warrants: Source }): Section {
  return { id: 'why', question: 'Why did they ask?', sentences: sentencesOn(input, from), charts: [] };
}

function sentencesOn({ reasons, warrants, facts }: Pick<OwnerInput, 'reasons' | 'warrants' | 'facts'>, from: { readonly reasons: Source; readonly warrants: Source }): readonly Sentence[] {
  const all = reasons.total.n;
  if (all === 0) return [say`Nobody asked.`];
  const { noReason, noCase, neither } = withoutReason(reasons);
  const [lacksPurpose, lacksEvidence] = [facts.lacks.includes('purpose'), facts.lacks.includes('evidence')];
  const source = from.reasons;
  return [
    ...(lacksPurpose ? [say`The log does not say why anybody asked.`] : [
      noReason === 0 ? say`Each request gave a reason.` : say`${source.share(noReason, all)} of requests gave no reason.`,
      ...stated(reasons, source),
    ]),
    ...(lacksEvidence ? [say`The log does not say if there was a case or a warrant.`] : [
      noCase === 0 ? say`Each request gave a case number.` : say`${source.share(noCase, all)} gave no case number${lacksPurpose || neither === 0 || neither === noCase ? '' : say`, and ${source.share(neither, all)} gave neither`}.`,
      warrantSentence(warrants, from.warrants),
    ]),
  ];
}

/** Requests that name no reason, no case, and neither. */
export function withoutReason(reasons: OwnerInput['reasons']): { readonly noReason: number; readonly noCase: number; readonly neither: number } {
  const [reason, file] = [(keys: readonly string[]) => keys[0] === 'notStated', (keys: readonly string[]) => keys[1] === 'none'];
  return { noReason: sum(reasons, reason).n, noCase: sum(reasons, file).n, neither: sum(reasons, (keys) => reason(keys) && file(keys)).n };
}

function stated(reasons: OwnerInput['reasons'], source: Source): readonly Sentence[] {
  const top = [...foldedBy(reasons, 0)].filter(([key, { n }]) => key !== 'notStated' && key !== 'notRecorded' && n > 0).sort((a, b) => b[1].n - a[1].n).slice(0, 3);
  const civil = sum(reasons, (keys) => keys[0] === 'civilImmigration').n;
  return [
    ...(top.length === 0 ? [] : [say`The main reasons were ${listed(top.map(([key, { n }]) => say`${{ name: isNameOf(purposes, key) ? purposePhrases[key] : key }} (${source.count(n)})`))}.`]),
    civil === 0 ? say`No one said it was for civil immigration work.` : say`Civil immigration work was the reason ${times(source.count(civil))}.`,
  ];
}

function warrantSentence(warrants: OwnerInput['warrants'], source: Source): Sentence {
  const count = (grade: string): number => sum(warrants, (keys) => keys[0] === grade).n;
  const confirmed = count('courtConfirmed');
  const some = count('stated') + count('numbered') + count('documentHash') + confirmed;
  if (some === 0) return say`No one named a warrant.`;
  return confirmed === 0 ? say`A warrant was named ${times(source.count(some))}, but no court confirmed one.` : say`A warrant was named ${times(source.count(some))}; a court confirmed it ${times(source.count(confirmed))}.`;
}
