import { problemType, problems, type ProblemName } from './problems.ts';

export const problemContentType = 'application/problem+json';

/** A problem as it is sent (RFC 9457). `detail` never carries a part of the request. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** `urn:weir:request:` and the id of the request, or null before there is one. */
  readonly instance: string | null;
  readonly reasons?: readonly string[];
  /** The code of the part that refused, such as `CHANGE_OWN`. */
  readonly reasonCode?: string;
}

/** What a problem may say besides its facts. */
export interface ProblemExtras {
  /** Takes the place of the advice in the registry of problems. */
  readonly detail?: string;
  readonly reasons?: readonly string[];
  readonly reasonCode?: string;
}

export function problemOf(name: ProblemName, requestId: string | null, extras: ProblemExtras = {}): Problem {
  const { status, title, mend } = problems[name];
  return {
    type: problemType(name),
    title,
    status,
    detail: extras.detail ?? mend,
    instance: requestId === null ? null : `urn:weir:request:${requestId}`,
    ...(extras.reasonCode === undefined ? {} : { reasonCode: extras.reasonCode }),
    ...(extras.reasons === undefined ? {} : { reasons: extras.reasons }),
  };
}

/** A problem as the body of an answer. */
export function problemBody(name: ProblemName, requestId: string | null, extras?: ProblemExtras): string {
  return JSON.stringify(problemOf(name, requestId, extras));
}
