import type { WireFaultCode } from '../model/index.ts';

/** What one type of problem means, whichever request met it. */
export interface ProblemFacts {
  readonly status: number;
  readonly title: string;
  /** What to do about it, for the table in docs/api.md. */
  readonly mend: string;
}

/**
 * Every problem that the server itself answers (RFC 9457). The type of each is `urn:weir:problem:<name>` and never changes.
 * The table in docs/api.md is made from this list, and a test holds the two together.
 */
export const problems = {
  malformedRequest: { status: 400, title: 'The request is not well-formed HTTP', mend: 'Send HTTP/1.1 with one Host and one correct Content-Length.' },
  badParameter: { status: 400, title: 'A part of the address is not valid', mend: 'An ORI has nine letters or digits in upper case, an owner two letters; a ticket has the form in which it was given. /openapi.json tells the parts of each address.' },
  badIdempotencyKey: { status: 400, title: 'The Idempotency-Key is not valid', mend: 'Send 1 to 128 printable characters, or leave the header out.' },
  emptyBody: { status: 400, title: 'The request has no body', mend: 'Send the message, or the policy, as the body.' },
  badBody: { status: 400, title: 'The body is not what this address takes', mend: 'See /openapi.json for its form; the words are those of /v1/vocabulary.' },
  unknownCertificate: { status: 403, title: 'The certificate is not enrolled', mend: 'Ask the operator to enrol the agency, or to renew a certificate that was revoked.' },
  signInNeeded: { status: 401, title: 'Nobody is signed in', mend: 'Sign in at /sign-in, or send a token that is in force: Authorization: Bearer.' },
  sessionLocked: { status: 401, title: 'The screen is locked', mend: 'Show all factors again at /unlock.' },
  freshSignInNeeded: { status: 401, title: 'This needs a sign-in of the last five minutes', mend: 'Show all factors again at /again, and send it once more.' },
  noticeDue: { status: 403, title: 'The notice was not accepted yet', mend: 'Read and accept it at /notice.' },
  notPermitted: { status: 403, title: 'No role of yours allows this here', mend: 'docs/roles.md says who may; an official of the owner, or the coordinator of the agency, gives roles.' },
  foreignOrigin: { status: 403, title: 'Another site may not use this address', mend: 'Open the page at the address that the exchange printed when it started.' },
  ownWork: { status: 403, title: 'Nobody decides on what is their own', mend: 'Another person must do it: not the author by any account, not the reviewer of their own agency or record.' },
  operatorsOnly: { status: 403, title: 'Only operators may read this', mend: 'Use the certificate of an operator.' },
  notFound: { status: 404, title: 'There is nothing at this address', mend: 'See /openapi.json for the addresses that exist.' },
  unknownObject: { status: 404, title: 'There is nothing of this number here', mend: 'Check the number and the owner in the address.' },
  unknownTicket: { status: 404, title: 'There is no such ticket for this asker', mend: 'Use the certificate that made the request, and the ticket as it was given.' },
  unknownAgency: { status: 404, title: 'The registry has no agency with this ORI', mend: 'Check the ORI.' },
  unknownOwner: { status: 404, title: 'There is no policy of this owner', mend: 'See /v1/owners.' },
  unknownClaim: { status: 404, title: 'The policy has no such claim', mend: 'See the claims in the document: /v1/policies/{owner}.' },
  methodNotAllowed: { status: 405, title: 'This address does not take this method', mend: 'The Allow header names the methods.' },
  notAcceptable: { status: 406, title: 'The answer would not be in a format that the request accepts', mend: 'The answer comes in the format of the question: accept that, or */*.' },
  requestTimeout: { status: 408, title: 'The request took too long to arrive', mend: 'Send the whole request at once.' },
  stateChanged: { status: 409, title: 'It is not in a state for this any more', mend: 'Read it again: somebody, or the clock, was earlier.' },
  ruleForbids: { status: 409, title: 'The policy in force does not allow it now', mend: 'Read it again: the rules changed since it was held.' },
  staleVersion: { status: 412, title: 'Somebody changed it since it was read', mend: 'Read it again, and send the new ETag in If-Match.' },
  bodyTooLarge: { status: 413, title: 'The message is too large', mend: 'A message may have at most 64 KiB, a policy 1 MiB.' },
  unsupportedMediaType: { status: 415, title: 'The content type is not one that is read here', mend: 'Use text/plain, application/xml or application/json for a message, application/yaml or application/json for a policy; in UTF-8, without a content coding.' },
  expectationFailed: { status: 417, title: 'The expectation cannot be met', mend: 'Leave the Expect header out.' },
  misdirected: { status: 421, title: 'This host name is not served here', mend: 'The demonstration is served at localhost, 127.0.0.1 and [::1] only.' },
  unsoundPolicy: { status: 422, title: 'The policy has errors', mend: 'Mend what the reasons name; /v1/policy/check tells each with its mend.' },
  otherOwner: { status: 422, title: 'The policy is that of another owner', mend: 'The address and the line `policy:` name the same owner.' },
  fieldWrong: { status: 422, title: 'A field is missing or wrong', mend: 'The detail names it.' },
  checksFailed: { status: 422, title: 'The checks do not allow it', mend: 'Have the draft checked again; the detail says which check.' },
  paperRefused: { status: 422, title: 'The paper is not taken', mend: 'A PDF of at most 10 MiB, at most 10 for one request.' },
  tooManyTries: { status: 429, title: 'Too many tries', mend: 'Wait for the seconds in Retry-After.' },
  headersTooLarge: { status: 431, title: 'The headers are too large', mend: 'Headers may have at most 16 KiB together.' },
  internal: { status: 500, title: 'The exchange failed', mend: 'Try again; give the operator the instance of the problem.' },
  proofBusy: { status: 503, title: 'As many proofs wait as the exchange takes', mend: 'Wait for the seconds in Retry-After, and ask again.' },
  archiveBusy: { status: 503, title: 'As many readings of the archive wait as the exchange takes', mend: 'Wait for the seconds in Retry-After, and ask again; or read on another machine: weir brief.' },
  proofTooLarge: { status: 503, title: 'The proof took longer, or more memory, than a proof may', mend: 'Ask for one claim or one class of data, or prove on another machine: weir prove.' },
  notRecorded: { status: 503, title: 'It cannot be recorded now, so nothing was done', mend: 'Try again; give the operator the instance of the problem.' },
  recordsDown: { status: 503, title: 'The owner\'s records cannot be reached now', mend: 'Nothing was decided; try again.' },
  databaseDown: { status: 503, title: 'The database of the exchange cannot be used now', mend: 'Look whether it was done, and try again.' },
  notReady: { status: 503, title: 'The exchange is not ready', mend: 'Wait and try again; the reasons are in the problem.' },
} as const satisfies Readonly<Record<string, ProblemFacts>>;

export type ProblemName = keyof typeof problems;

/** The `type` of a problem: a stable name, not an address. */
export function problemType(name: ProblemName): string {
  return `urn:weir:problem:${name}`;
}

/**
 * What the exchange answers where it could not take or answer a message. The wire room words these, in the format of the message:
 * problem details for JSON, `ER` or `SM` for the other two. The types are `urn:weir:problem:<code>` as well.
 */
export const messageProblems: Readonly<Record<WireFaultCode, string>> = {
  malformed: 'The message could not be read at all.',
  badHeader: 'The header is not of the form of the network.',
  keyNotAllowed: 'The message key is not answered here.',
  noText: 'The message has no text after its header.',
  badBirthDate: 'The date of birth is missing or is no day of the calendar.',
  badYear: 'A year is missing or not valid.',
  fieldMissing: 'A required field is missing.',
  badAttention: 'The attention field is not valid.',
  badDestination: 'A destination is missing, unknown, or one too many.',
  badCombination: 'The fields do not go together.',
  badValue: 'A field has a value that is not valid.',
  tooLarge: 'The message or a part of it is too large.',
  unsupportedFormat: 'The format is not read here.',
  notAuthorised: 'The certificate does not speak for the ORI of the message.',
  unknownRequester: 'The registry does not know the ORI of the message.',
  conflict: 'The same Idempotency-Key came with another message.',
  busy: 'The exchange has as much to do as it can bear: wait for the seconds in Retry-After.',
  ledgerUnavailable: 'The journal cannot write, so nothing is released.',
  internal: 'The exchange failed.',
};
