import fc from 'fast-check';
import type { DecisionEntry, OwnerEntry } from '../../model/index.ts';
import type { DayKeys } from '../types.ts';
import { sampleEntry } from '../samples.ts';

/** What tests of entries share. */

/** Texts that JSON, UTF-8 or the line form of a record could trip over. */
export const oddText = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('"', '\\', '\n', 'a\nb c', '\u2028', '\ud800', 'ZÖ', '\u0000', '\u007f', '__proto__', '{"a":1}'));

const full: DecisionEntry = { ...sampleEntry(1, 'full'), recordTags: ['0'.repeat(64)] };
const orNone = fc.option(oddText);
const instant = fc.integer({ min: 0, max: 4_102_444_800_000 }).map((at) => new Date(at).toISOString());

/** Decisions with any text in any member; some of their parts frozen, as the exchange has them. */
export const decisions: fc.Arbitrary<DecisionEntry> = fc.record({
  id: oddText, at: instant, inquiry: oddText, organisation: oddText, ori: oddText, credential: orNone, releasedHash: orNone, policyHash: orNone, tableHash: orNone, subjectTag: orNone,
  sealed: oddText, engine: oddText, registryHash: oddText, destinations: fc.array(oddText, { maxLength: 4 }), recordTags: fc.array(oddText, { maxLength: 3 }), policyVersion: fc.option(fc.integer()), records: fc.nat(),
  delegated: fc.option(fc.boolean()), ticket: fc.option(fc.record({ id: oddText, deadline: oddText, by: oddText, onTimeout: fc.constantFrom('deny' as const, 'release' as const) })), behalf: fc.boolean(), frozen: fc.boolean(),
  known: fc.option(fc.record({ user: orNone, userName: orNone, subjectName: orNone, self: fc.option(fc.boolean()), sameSurname: fc.option(fc.boolean()), sex: fc.constantFrom('M' as const, 'F' as const, null) })),
}).map(({ organisation, ori, behalf, frozen, known, ...over }) => {
  const requester = { ...full.requester, organisation, ori };
  return { ...full, ...over, ...(known === null ? {} : { marks: known }), requester, onBehalfOf: behalf ? requester : null, decisions: frozen ? Object.freeze([...full.decisions]) : full.decisions };
});

/** Entries of every kind that stands in an owner's log. */
export const ownerEntries: fc.Arbitrary<OwnerEntry> = fc.oneof(
  decisions,
  fc.record({ type: fc.constant('redelivery' as const), v: fc.constant(1 as const), id: oddText, at: instant, inquiry: oddText, requester: oddText, credential: orNone, owner: fc.constant('ZY') }),
  fc.record({
    type: fc.constant('opening' as const), v: fc.constant(1 as const), id: oddText, at: instant, to: fc.constantFrom('owner' as const, 'agency' as const, 'resident' as const, 'auditor' as const, 'public' as const),
    who: oddText, order: orNone, entries: fc.nat(), indices: oddText, fields: fc.array(oddText, { maxLength: 3 }), withheld: fc.nat(), owner: fc.constant('ZY'),
  }),
  fc.record({ type: fc.constant('withheld' as const), v: fc.constant(1 as const), id: oddText, at: instant, index: fc.nat(), until: instant, order: oddText, owner: fc.constant('ZY') }),
  fc.record({
    type: fc.constant('act' as const), v: fc.constant(1 as const), id: oddText, at: instant, act: oddText, who: oddText, role: orNone, on: orNone, result: fc.constantFrom('done' as const, 'refused' as const, 'failed' as const),
    hash: orNone, detail: fc.option(fc.dictionary(fc.constantFrom('owner', 'n'), fc.oneof(oddText, fc.integer()))), sealed: orNone, owner: fc.constant('ZY'),
  }),
  fc.record({
    type: fc.constant('verdict' as const), v: fc.constant(1 as const), id: oddText, at: instant, inquiry: oddText, ticket: oddText, entry: oddText, requester: oddText, verdict: fc.constantFrom('released' as const, 'refused' as const),
    who: oddText, role: orNone, reason: oddText, decisions: fc.constant(full.decisions), released: fc.constant(full.released), records: fc.nat(), releasedHash: orNone, policyVersion: fc.option(fc.integer()), policyHash: orNone,
    subjectTag: orNone, recordTags: fc.array(oddText, { maxLength: 3 }), sealed: orNone, owner: fc.constant('ZY'),
  }),
);

/** Day keys in memory: the same bytes for the same owner, day and kind. What is in `gone` was destroyed, by `OWNER DAY KIND`. */
export function memoryDays(gone: ReadonlySet<string> = new Set()): DayKeys {
  const keys = new Map<string, Buffer>();
  const of = (owner: string, day: number, kind: string): Buffer | null => {
    const name = `${owner} ${day} ${kind}`;
    if (gone.has(name)) return null;
    const found = keys.get(name) ?? Buffer.alloc(32, name);
    keys.set(name, found);
    return found;
  };
  return {
    ready: (owner, day, kind) => Promise.resolve(of(owner, day, kind) ?? Buffer.alloc(32)),
    held: of,
    find: (owner, day, kind) => Promise.resolve(of(owner, day, kind)),
    destroy: () => Promise.resolve(false),
  };
}
