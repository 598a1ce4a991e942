import { createHash } from 'node:crypto';
import { effectOf } from '../../approvals/effect.ts';
import type { Checks } from '../../approvals/types.ts';
import { checkPolicy, type PolicyDocument } from '../../policy/index.ts';
import { allFindings } from '../../proof/advise/index.ts';
import { difference } from '../../proof/difference.ts';
import { changeSentence } from '../../proof/differenceWords.ts';
import { foresee } from './claims.ts';
import { json, type JobAnswer, type JobOf } from './job.ts';
import type { NamedBasis, NamedDocument, ProofLibrary } from './library.ts';

/** How much of a text's faults, and of what it changes, is told. */
const most = 200;

/**
 * Everything that is checked of a text before it may be proposed, but for the backtest: that it is sound, of this owner and above the newest version; its claims, on the registry in
 * force, for every stretch of days to come; what it changes, in words, against the policy in force; and whether that is widening. An unsound text is an answer too, with `ok: false`.
 */
export async function assessJob(library: ProofLibrary, { owner, draft: text }: JobOf<'assess'>): Promise<JobAnswer> {
  return json(await assess(library, owner, text));
}

/** The same as a value. */
export async function assess(library: ProofLibrary, owner: string, text: string): Promise<Omit<Checks, 'backtest'>> {
  const checked = checkPolicy(text);
  const base = await library.policy(owner);
  const line = await library.line(owner);
  const { version, hash } = await library.snapshot();
  const head = {
    hash: createHash('sha256').update(text, 'utf8').digest('hex'), at: new Date(library.now).toISOString(),
    base: base === null ? null : { version: base.document.version, hash: base.hash }, registry: { version, hash },
  };
  const findings = allFindings(checked).map(({ code, severity, line: at, message }) => ({ code, severity, line: at, message }));
  const own = checked.ok ? standingFindings(owner, checked.document, line) : [];
  const all = [...own, ...findings].slice(0, most);
  if (!checked.ok || own.length > 0) return { ...head, ok: false, findings: all, claims: [], effect: 'widening', difference: [] };
  const named: NamedDocument = { document: checked.document, hash: checked.hash };
  const claims = (await foresee(library, named)).map(({ report, from }) => ({
    claim: report.claim.id, holds: report.holds,
    sentence: report.holds ? report.sentence : sentenceOf(report, from),
  }));
  const basis = await library.basis(named);
  const { effect, reasons } = effectOf(line.map(({ document }) => document), checked.document, { now: library.now, network: basis.network });
  const words = base === null ? ['There is no policy in force: everything that this one gives is new.'] : wordsOf(await library.basis(base), basis);
  const why = effect === 'neutral' ? [] : reasons.map((reason) => `${effect}: ${reason}`);
  return { ...head, ok: claims.every(({ holds }) => holds), findings: all, claims, effect, difference: [...words, ...why].slice(0, most) };
}

/** What is wrong with a sound text here and now. */
function standingFindings(owner: string, document: PolicyDocument, line: readonly NamedDocument[]): Checks['findings'] {
  const newest = Math.max(0, ...line.map(({ document: { version } }) => version));
  return [
    ...(document.policy === owner ? [] : [{ code: 'otherOwner', severity: 'error', line: 1, message: `the policy is of ${document.policy}, and this is ${owner}` }]),
    ...(document.version > newest ? [] : [{ code: 'versionNotAbove', severity: 'error', line: 1, message: `version ${document.version} is not above version ${newest}, the newest` }]),
  ];
}

function sentenceOf({ sentence, verdicts }: { readonly sentence: string; readonly verdicts: readonly { readonly holds: boolean | 'capped'; readonly counterexample: { readonly sentence: string } | null }[] }, from: string): string {
  const broken = verdicts.find(({ holds, counterexample }) => holds === false && counterexample !== null);
  return `${sentence} Not so on ${from}: ${broken?.counterexample?.sentence ?? 'it could not be decided.'}`;
}

/** The changes as sentences, the most open first; then notices, and what the document says otherwise. */
function wordsOf(before: NamedBasis, after: NamedBasis): readonly string[] {
  const found = difference(before, after);
  return [
    ...(found.same ? ['No request of any agency is decided differently.'] : found.changes.map((change) => changeSentence(change, found.organisations !== null))),
    ...(found.rest === 0 ? [] : [`And ${found.rest} more changes like these.`]),
    ...(found.duties.more === 0 ? [] : [`Somebody is now told of requests of ${found.duties.more} agencies that nobody, or somebody else, was told of.`]),
    ...(found.duties.fewer === 0 ? [] : [`Somebody is no longer told, or is told later, of some requests of ${found.duties.fewer} agencies.`]),
    ...found.items.flatMap(({ id, before: was, after: is }) => [...(was === null ? [] : [`${id}, before: ${was}`]), ...(is === null ? [`${id} is gone.`] : [`${id}, ${was === null ? 'new' : 'now'}: ${is}`])]),
  ];
}
