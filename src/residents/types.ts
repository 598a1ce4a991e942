import type { ResidentGiven } from '../ledger/subjects/index.ts';
import { MendableError } from '../model/codedError.ts';
import type { Role } from '../people/roles/index.ts';

/** Who at the owner works on a request. */
export interface ResidentActor {
  readonly account: string;
  readonly role: Role;
}

/** A step of proofing who a resident is. An owner chooses which, in order; a step is a plug: `src/residents/steps`. */
export interface ProofingStep {
  readonly id: string;
  readonly plain: string;
  /** `resident`: they send something. `owner`: an official confirms. `program`: a program of the owner's decides. */
  readonly by: 'resident' | 'owner' | 'program';
}

export interface ResidentRequest {
  /** `R-` and ten letters or digits. Names nobody. */
  readonly number: string;
  readonly owner: string;
  readonly state: 'proofing' | 'ready' | 'made' | 'delivered' | 'refused' | 'lapsed';
  readonly askedAt: string;
  readonly dueAt: string;
  readonly from: string;
  readonly to: string;
  readonly steps: readonly (ProofingStep & { readonly done: boolean; readonly doneAt: string | null })[];
  readonly entries: number | null;
  /** The instant at which the report is erased; null where none was made. */
  readonly readUntil: string | null;
}

/** One act about a request, as its resident may know it: when, what, and in which role; never which official. */
export interface ResidentEvent {
  /** RFC 3339, UTC. */
  readonly at: string;
  /** A word of the list of acts; `opened`: what the resident gave was shown to an official. */
  readonly what: string;
  /** `holder`: whoever had the number and the secret. */
  readonly by: 'holder' | 'office' | 'clock' | 'operator';
  /** Of the official; null for others. */
  readonly role: string | null;
  /** The step that it was, or the form in which a report was read; null for others. */
  readonly detail: string | null;
}

/** `RESIDENT_UNKNOWN` (also for a wrong secret). `RESIDENT_STATE`. `RESIDENT_FIELD`. `RESIDENT_PROOF`: the step did not confirm. `RESIDENT_MANY`: too many tries. `RESIDENT_LEDGER`. */
export type ResidentErrorCode = 'RESIDENT_UNKNOWN' | 'RESIDENT_STATE' | 'RESIDENT_FIELD' | 'RESIDENT_PROOF' | 'RESIDENT_MANY' | 'RESIDENT_LEDGER';

export class ResidentError extends MendableError<ResidentErrorCode> {
  override readonly name = 'ResidentError';
}

/** Requests of residents. What they give is kept sealed under the owner's key, and erased when the report was delivered. */
export interface Residents {
  /** Begins a request. The secret comes out once: it and the number are what the resident needs to go on. */
  ask(owner: string, given: ResidentGiven, period: { readonly from: string; readonly to: string }, contact: string | null): Promise<{ readonly request: ResidentRequest; readonly secret: string }>;
  own(number: string, secret: string): Promise<ResidentRequest>;
  /** What was done with one's own request, by whom in kind, the newest first; the latest 200. */
  history(number: string, secret: string): Promise<readonly ResidentEvent[]>;
  doStep(number: string, secret: string, step: string, answer: string): Promise<ResidentRequest>;
  list(owner: string): Promise<readonly ResidentRequest[]>;
  /** What the resident gave, and the code for a letter to the address on record: personal, so recorded first. */
  open(owner: string, number: string, actor: ResidentActor): Promise<{ readonly given: ResidentGiven; readonly contact: string | null; readonly code: string | null }>;
  confirmStep(owner: string, number: string, step: string, request: { readonly confirmed: boolean; readonly note: string }, actor: ResidentActor): Promise<ResidentRequest>;
  /** Makes the report with its proof of completeness. */
  make(owner: string, number: string, actor: ResidentActor): Promise<ResidentRequest>;
  /** The three forms of a report that was made. Recorded first. */
  report(number: string, secret: string, form: 'page' | 'letter' | 'json'): Promise<{ readonly contentType: string; readonly body: Uint8Array; readonly fileName: string }>;
  tick(now: number): Promise<number>;
}
