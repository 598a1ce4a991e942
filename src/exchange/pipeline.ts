import { messageKeys, type AnswerStatus, type InquiryKey } from '../vocabulary/index.ts';
import type { Answer, Clocks, DirectoryAnswer, DirectoryInquiry, Inquiry, OwnerAnswer, WireFault, WireFaultCode } from '../model/index.ts';
import { contentTypeOf, decode, echoOf, encodeAnswer, encodeDirectory, encodeFault, faultContentTypeOf, faultStatus, type PeerSettings, type WireSettings } from '../wire/index.ts';
import { address } from './address.ts';
import { admit, mayState, type Rejection } from './admit.ts';
import { Capacity } from './capacity.ts';
import type { Case } from './case.ts';
import { once } from './idempotent.ts';
import type { Exchange, Incoming, Outgoing } from './exchange.ts';
import { govern, type Governed, type GovernParts } from './govern.ts';
import { inquiryId } from './ids.ts';
import { LineCounters } from './lineCounters.ts';
import type { Clock, Idempotency, Journal, Policies, Recorded, Registry, Sources, Tickets } from './ports.ts';
import { summarise } from './summary.ts';

/** Everything that the pipeline needs from other rooms. */
export interface ExchangeParts extends GovernParts {
  readonly registry: Registry;
  readonly policies: Policies;
  readonly sources: Sources;
  readonly journal: Journal;
  readonly tickets: Tickets;
  readonly idempotency: Idempotency;
  readonly clock: Clock;
  readonly wire: WireSettings;
  /** How a peer that knows only the published codes is answered. */
  readonly peer: (ori: string) => PeerSettings;
  /** Where the counters of the line begin. */
  readonly firstNumber: number;
  /** Told of each owner's answer, for the counters. */
  readonly onAnswer: (key: InquiryKey, owner: string, status: AnswerStatus) => void;
}

/** What is known of a message while it is worked on. */
interface Message {
  readonly incoming: Incoming;
  readonly id: string;
  readonly receivedAt: Date;
  readonly receiveNumber: number;
  requester: string | null;
  control: string | null;
}

/** The pipeline of design section 3. One object serves every listener. */
export function createExchange(parts: ExchangeParts): Exchange & { readonly capacity: Capacity } {
  const capacity = new Capacity(parts.settings.capacity);
  const counters = new LineCounters(parts.firstNumber);
  const running: Running = { ...parts, capacity, counters };
  return { capacity, handle: (incoming) => handle(running, incoming) };
}

type Running = ExchangeParts & { readonly capacity: Capacity; readonly counters: LineCounters };

async function handle(parts: Running, incoming: Incoming): Promise<Outgoing> {
  const now = parts.clock.now();
  const message: Message = {
    incoming, id: inquiryId(now), receivedAt: new Date(now), receiveNumber: parts.counters.nextReceived(), requester: null, control: null,
  };
  if (!parts.capacity.enter(1)) return reject(parts, message, { code: 'busy', message: 'the exchange is at its capacity', at: null });
  try {
    return await take(parts, message);
  } catch (error) {
    parts.onFault(error);
    return reject(parts, message, { code: 'internal', message: 'the exchange could not answer; nothing was released', at: null });
  } finally {
    parts.capacity.leave(1);
  }
}

async function take(parts: Running, message: Message): Promise<Outgoing> {
  const decoded = decode(message.incoming.format, message.incoming.body, parts.wire);
  if (!decoded.ok) {
    message.requester = decoded.requester;
    message.control = decoded.control;
    return fail(parts, message, decoded.fault);
  }
  const { value } = decoded;
  message.requester = value.requester;
  message.control = value.control;
  if (value.key === 'TQ') return directory(parts, message, value);
  const { idempotencyKey } = message.incoming;
  if (idempotencyKey === null) return inquire(parts, message, value);
  const refused = mayState(message.incoming.credential, value.requester);
  if (refused !== null) return reject(parts, message, refused);
  return once(
    parts,
    { requester: value.requester, key: idempotencyKey, body: message.incoming.body, id: message.id, at: message.receivedAt, credential: message.incoming.credential.fingerprint },
    () => inquire(parts, message, value),
    (rejection) => reject(parts, message, rejection),
  );
}

async function inquire(parts: Running, message: Message, inquiry: Inquiry): Promise<Outgoing> {
  const registry = parts.registry.current();
  const request = admit(inquiry, message.incoming.credential, registry, parts.settings, {
    id: message.id, receivedAt: message.receivedAt, format: message.incoming.format,
  });
  if ('code' in request) return reject(parts, message, request);
  const addressed = address(inquiry, parts.policies.owners, (owner) => parts.policies.of(owner) !== null, parts.settings);
  if ('code' in addressed) return reject(parts, message, addressed);
  const more = addressed.owners.length - 1;
  if (more > 0 && !parts.capacity.enter(more)) return reject(parts, message, { code: 'busy', message: 'the exchange is at its capacity', at: null });
  try {
    return await answer(parts, message, request, addressed);
  } finally {
    if (more > 0) parts.capacity.leave(more);
  }
}

async function answer(
  parts: Running,
  message: Message,
  request: Case,
  addressed: { readonly owners: readonly string[]; readonly merged: boolean },
): Promise<Outgoing> {
  if (!parts.journal.healthy) return reject(parts, message, ledgerDown);
  const [only] = addressed.owners;
  const governed = addressed.owners.length === 1 && only !== undefined ? [await oneOwner(parts, request, only)] : await allOwners(parts, request, addressed.owners);
  let recorded: readonly Recorded[];
  try {
    recorded = await parts.journal.append(governed.map((g) => g.entry));
  } catch (error) {
    // Invariant 1: no entry, no release. What was fetched is dropped here.
    parts.onFault(error);
    giveBack(parts, governed);
    return reject(parts, message, ledgerDown);
  }
  const sensitive = recorded.filter((_, i) => mustBeWitnessed(parts, governed[i]));
  try {
    if (sensitive.length > 0) await parts.journal.witnessed(sensitive);
  } catch (error) {
    // It stands on the record as given, and is not: the harmless direction. What was counted stays counted.
    parts.onFault(error);
    return reject(parts, message, witnessesLate);
  }
  if (governed.some(({ entry }) => entry.ticket !== null)) await noteTickets(parts, governed, recorded);
  const answers = governed.map(({ answer: one }, i) => {
    one.receipt = recorded[i]?.receipt ?? null;
    return one;
  });
  const { inquiry } = request;
  for (const { owner, status } of answers) parts.onAnswer(inquiry.key, owner, status);
  const whole: Answer = {
    id: message.id,
    inquiryKey: inquiry.key,
    key: messageKeys[inquiry.key].answer,
    requester: inquiry.requester,
    destinations: inquiry.destinations,
    control: inquiry.control,
    clocks: clocks(parts, message),
    answers: addressed.merged ? answers.filter((a) => a.status !== 'noRecord' && a.status !== 'unavailable') : answers,
    summary: summarise(answers),
    merged: addressed.merged,
    demonstration: parts.settings.demonstration,
  };
  const { format } = message.incoming;
  const body = encodeAnswer(format, whole, parts.wire, parts.peer(inquiry.requester));
  return { status: 200, contentType: contentTypeOf(format), body, id: message.id, retryAfter: null, outcome: outcomeOf(answers), owners: addressed.owners };
}

/** Where one of them fails nothing of any is released, so what the others took of limits is given back. */
async function allOwners(parts: Running, request: Case, owners: readonly string[]): Promise<readonly Governed[]> {
  const ends = await Promise.allSettled(owners.map((owner) => oneOwner(parts, request, owner)));
  const governed = ends.filter((end) => end.status === 'fulfilled').map((end) => end.value);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed === undefined) return governed;
  giveBack(parts, governed);
  throw failed.reason;
}

/** Whether the owner wants a quorum of witnesses to have seen the entry before such data leaves. */
function mustBeWitnessed({ settings }: Running, governed: Governed | undefined): boolean {
  if (governed === undefined) return false;
  const classes = settings.witnessed[governed.entry.owner];
  return classes !== undefined && governed.entry.released.some((one) => classes.includes(one));
}

function giveBack(parts: Running, governed: readonly Governed[]): void {
  for (const { entry, taken } of governed) if (taken.length > 0) parts.limits.giveBack(entry.owner, taken);
}

function oneOwner(parts: Running, request: Case, owner: string): Promise<Governed> {
  const policy = parts.policies.of(owner);
  if (policy === null) return Promise.reject(new Error(`the policy of ${owner} went away between two steps`));
  return govern(parts, request, policy, parts.sources.of(owner));
}

/** The journal already holds the ticket, so a projection that is late or down must not keep the answer back. */
async function noteTickets(parts: Running, governed: readonly Governed[], recorded: readonly Recorded[]): Promise<void> {
  const held = governed.flatMap(({ entry }, i) => (entry.ticket === null ? [] : [{ index: recorded[i]?.sequence ?? -1, entry }]));
  try {
    await parts.tickets.note(held);
  } catch (error) {
    parts.onFault(error);
  }
}

function directory(parts: Running, message: Message, inquiry: DirectoryInquiry): Outgoing {
  const refused = mayState(message.incoming.credential, inquiry.requester);
  if (refused !== null) return reject(parts, message, refused);
  const registry = parts.registry.current();
  if (registry.requester(inquiry.requester) === null) {
    return reject(parts, message, { code: 'unknownRequester', message: 'the sending ORI is not in the registry', at: 'requester' });
  }
  const { entries, more } = registry.directory(inquiry.by, 50);
  const whole: DirectoryAnswer = {
    id: message.id, key: 'TR', requester: inquiry.requester, destination: inquiry.destination, control: inquiry.control,
    clocks: clocks(parts, message), entries, more, demonstration: parts.settings.demonstration,
  };
  const { format } = message.incoming;
  return {
    status: 200, contentType: contentTypeOf(format), body: encodeDirectory(format, whole, parts.wire), id: message.id, retryAfter: null, outcome: 'directory', owners: [],
  };
}

const ledgerDown: Rejection = { code: 'ledgerUnavailable', message: 'the ledger cannot record now, so nothing is released', at: null };

const witnessesLate: Rejection = { code: 'ledgerUnavailable', message: 'the witnesses of the ledger have not confirmed the entry in time, so nothing is released', at: null };

function reject(parts: Running, message: Message, { code, message: text, at }: Rejection): Outgoing {
  return fail(parts, message, { code, message: text, at, echo: echoOf(message.incoming.body) });
}

function fail(parts: Running, message: Message, fault: WireFault): Outgoing {
  const { format } = message.incoming;
  const { requester, control, id } = message;
  const body = encodeFault(format, { fault, requester, control, clocks: clocks(parts, message), format, id }, parts.wire, parts.peer(requester ?? ''));
  const status = faultStatus[fault.code];
  return { status, contentType: faultContentTypeOf(format), body, id, retryAfter: status === 503 ? 1 : null, outcome: faultOutcome(fault.code), owners: [] };
}

function faultOutcome(code: WireFaultCode): string {
  return `fault${code.slice(0, 1).toUpperCase()}${code.slice(1)}`;
}

function clocks(parts: Running, message: Message): Clocks {
  return {
    received: message.receivedAt.getTime(), sent: parts.clock.now(), receiveNumber: message.receiveNumber, sendNumber: parts.counters.nextSent(),
  };
}

/** One word for the counters: the status of a single owner, or `fanOut`. */
function outcomeOf(answers: readonly OwnerAnswer[]): string {
  return answers.length === 1 ? (answers[0]?.status ?? 'fanOut') : 'fanOut';
}
