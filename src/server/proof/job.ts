import type { CourtClass, DataClass, EvidenceGrade, Purpose, QueryKind, RequesterAttributes } from '../../vocabulary/index.ts';
import type { Ori } from '../../model/index.ts';
import { checkPolicy, type Finding, type ProofWorld } from '../../policy/index.ts';
import type { ProblemName } from '../problems.ts';
import type { NamedDocument, ProofLibrary } from './library.ts';
import type { Who } from './who.ts';

/** What can be asked of the policies and the registry. A `draft` is a policy text that takes the place of the one in force. */
export type ProofJob =
  | { readonly kind: 'check'; readonly text: string }
  | { readonly kind: 'page'; readonly owner: string }
  | { readonly kind: 'prove'; readonly owner: string; readonly draft: string | null; readonly claim: string | null }
  | { readonly kind: 'access'; readonly owner: string; readonly dataClass: DataClass | null; readonly world: ProofWorld; readonly who: Who | null }
  | { readonly kind: 'paths'; readonly owner: string; readonly to: string; readonly dataClass: DataClass; readonly world: ProofWorld; readonly limit: number }
  | { readonly kind: 'assess'; readonly owner: string; readonly draft: string }
  | { readonly kind: 'diff'; readonly owner: string; readonly draft: string }
  | { readonly kind: 'ask'; readonly owner: string; readonly question: Question }
  | { readonly kind: 'export'; readonly owner: string; readonly as: ExportForm; readonly claim: string | null };

export type JobOf<K extends ProofJob['kind']> = Extract<ProofJob, { readonly kind: K }>;

/** Who asks for what: an agency of the registry, or any with these attributes. */
export interface Question {
  readonly asker: Ori | RequesterAttributes;
  readonly classes: readonly DataClass[];
  readonly purpose: Purpose;
  readonly warrant: EvidenceGrade;
  readonly court: CourtClass;
  readonly caseNumber: EvidenceGrade;
  readonly query: QueryKind;
}

/** In what a document can be written out, and the type of each. */
export const exportForms = {
  yaml: 'application/yaml', json: 'application/json', words: 'text/plain', cedar: 'text/plain', cedarSchema: 'text/plain', smtlib: 'text/plain',
} as const;
export type ExportForm = keyof typeof exportForms;

/** What a job works on. */
export interface JobParts {
  readonly library: ProofLibrary;
  readonly named: NamedDocument;
}

/** The body of an answer, made where the work was done, or the problem that is told instead. Reasons quote nothing of the request. */
export type JobAnswer =
  | { readonly ok: true; readonly body: string; readonly contentType: string }
  | JobProblem;

export interface JobProblem {
  readonly ok: false;
  readonly problem: ProblemName;
  readonly reasons?: readonly string[];
}

/** The body of a good answer. */
export function json(value: unknown): JobAnswer {
  return { ok: true, body: JSON.stringify(value), contentType: 'application/json; charset=utf-8' };
}

/** A draft that may stand in for the policy of an owner, or the problem with it. */
export function soundDraft(owner: string, text: string): NamedDocument | JobProblem {
  const checked = checkPolicy(text);
  if (!checked.ok) return { ok: false, problem: 'unsoundPolicy', reasons: checked.findings.filter(({ severity }) => severity === 'error').slice(0, 20).map(placeOf) };
  if (checked.document.policy !== owner) return { ok: false, problem: 'otherOwner' };
  return { document: checked.document, hash: checked.hash };
}

/** The place and the code: the message of a finding quotes the text. */
function placeOf({ line, column, code }: Finding): string {
  return `line ${line}, column ${column}: ${code}`;
}
