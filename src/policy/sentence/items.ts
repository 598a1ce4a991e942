import { allDataClasses, type DataClass } from '../../vocabulary/index.ts';
import type { Claim, Condition, DataScope, Item, LimitRule, Matcher, NotifyRule, OnwardRule, ReleaseRule, Rule } from '../document.ts';
import { Book, fixed } from './book.ts';
import { affiliationBook, dataBook, givenBook, reducedBook, type Given } from './books.ts';
import { conditionBook } from './condition.ts';
import type { Cursor } from './cursor.ts';
import { readList, readWords, repeated } from './lists.ts';
import { readDuration, readMax } from './quantities.ts';
import { readTails, type TailBooks, type Tails } from './tails.ts';
import { readAnyone, readWho } from './who.ts';

/** What a sentence does not say of an item. */
export type Apart = Pick<Item, 'id' | 'title' | 'cites'>;

/** An item of a document, and which list of the document it belongs to. */
export type Read =
  | { readonly kind: 'rule'; readonly item: Rule } | { readonly kind: 'onward'; readonly item: OnwardRule } | { readonly kind: 'limit'; readonly item: LimitRule }
  | { readonly kind: 'notify'; readonly item: NotifyRule } | { readonly kind: 'claim'; readonly item: Claim };

type Reader = (cursor: Cursor, apart: Apart) => Read | null;

const verbs = new Book<Reader>([
  ['give', readGive], ['at most', readLimit], ['hold', (cursor, apart) => readKept(cursor, apart, 'hold')], ['refuse', (cursor, apart) => readKept(cursor, apart, 'deny')],
  ['let agencies pass on', (cursor, apart) => readOnward(cursor, apart, true)], ['never let agencies pass on', (cursor, apart) => readOnward(cursor, apart, false)],
  ['tell', readTell],
  ['no', (cursor, apart) => readClaim(cursor, apart, 'never')], ['only', (cursor, apart) => readClaim(cursor, apart, 'only')],
]);

const comma = fixed(',');
const to = fixed('to');
const forWhom = fixed('for');
const allData = fixed('all data');
const anyData = fixed('any data');
const allWith = fixed('all data, with');
const inAll = fixed('in all');
const thenGive = fixed(', give');
const each = new Book<'agency' | 'matching'>([['each agency', 'agency'], ['each of the', 'matching']]);
const beyonds = new Book<LimitRule['beyond']>([[', then hold', 'hold'], [', then refuse', 'deny']]);
const through = fixed('through');
const told = new Book<NotifyRule['who']>([['the person within', 'subject'], ['the owner within', 'owner']]);
const requests = new Book<'any' | 'named'>([['of any request', 'any'], ['of a request for', 'named']]);
const canGet = fixed('can get');
const inFull = fixed('in full');
const ways = new Book<Claim['by']>([['directly', 'direct'], ['directly or through others', 'anyPath']]);

const asker = 'the request comes from';
const ruleTails: TailBooks = { when: conditionBook(null), unless: conditionBook(asker) };
const giveTails: TailBooks = { ...ruleTails, afterwards: true };
const holdTails: TailBooks = { ...ruleTails, review: true };
const notifyTails: TailBooks = { when: conditionBook(asker), unless: conditionBook(asker) };
const onwardTails: TailBooks = { when: conditionBook('they pass it to') };
const claimTails: TailBooks = { when: conditionBook(null, false), unless: conditionBook('they are'), claim: true };

/** One item, from its first word to the end of the text. Null where it cannot be read: the cursor then has the fault. */
export function readItem(cursor: Cursor, apart: Apart): Read | null {
  const read = cursor.need(verbs);
  const found = read && read(cursor, apart);
  return cursor.fault === null ? found : null;
}

function readGive(cursor: Cursor, apart: Apart): Read | null {
  const given = readGiven(cursor);
  const who = given && cursor.need(to) && readAnyone(cursor);
  const tails = who && readTails(cursor, giveTails);
  return tails && { kind: 'rule', item: { ...apart, ...periodOf(tails), outcome: 'release', ...given, ...who, ...purposeAndWhen(tails), unless: tails.unless, ...(tails.afterwards === null ? {} : { afterwards: tails.afterwards }) } };
}

function readKept(cursor: Cursor, apart: Apart, outcome: 'hold' | 'deny'): Read | null {
  const data = readData(cursor, 'and');
  const who = data && cursor.need(outcome === 'hold' ? forWhom : to) && readAnyone(cursor);
  const tails = who && readTails(cursor, outcome === 'hold' ? holdTails : ruleTails);
  if (data === null || tails === null) return null;
  const body = { ...apart, ...periodOf(tails), data, ...who, ...purposeAndWhen(tails), unless: tails.unless };
  if (outcome === 'deny') return { kind: 'rule', item: { outcome, ...body } };
  return tails.review === null ? cursor.unexpected() : { kind: 'rule', item: { outcome, ...body, review: tails.review } };
}

function readLimit(cursor: Cursor, apart: Apart): Read | null {
  const max = readMax(cursor);
  const per = cursor.take(inAll) === null ? 'agency' : 'owner';
  const data = max && cursor.need(thenGive) && readData(cursor, 'or');
  const who = data && cursor.need(to) && (per === 'owner' ? readAnyone(cursor) : readEach(cursor));
  const beyond = who && cursor.need(beyonds);
  const tails = beyond && readTails(cursor, { review: beyond === 'hold' });
  return tails && { kind: 'limit', item: { ...apart, ...periodOf(tails), data, ...who, per, max, beyond, review: tails.review } };
}

function readEach(cursor: Cursor): { readonly to?: Matcher } | null {
  const which = cursor.need(each);
  if (which === 'agency') return {};
  const matcher = which && readWho(cursor);
  return matcher && { to: matcher };
}

function readOnward(cursor: Cursor, apart: Apart, allowed: boolean): Read | null {
  const data = readData(cursor, allowed ? 'and' : 'or');
  const via = data && cursor.need(through) && readWords(cursor, affiliationBook.book, affiliationBook.order, 'or');
  const tails = via && readTails(cursor, allowed ? onwardTails : {});
  return tails && { kind: 'onward', item: { ...apart, ...periodOf(tails), data, via, allow: allowed ? (tails.when ?? 'always') : 'never' } };
}

function readTell(cursor: Cursor, apart: Apart): Read | null {
  const who = cursor.need(told);
  const withinSeconds = who && readDuration(cursor);
  const request = withinSeconds && cursor.need(requests);
  const data = request === 'named' ? readData(cursor, 'or') : null;
  if (who === null || withinSeconds === null || request === null || (request === 'named' && data === null)) return null;
  const tails = readTails(cursor, notifyTails);
  return tails && { kind: 'notify', item: { ...apart, ...periodOf(tails), ...(data === null ? {} : { data }), ...(tails.when === null ? {} : { when: tails.when }), unless: tails.unless, who, withinSeconds } };
}

function readClaim(cursor: Cursor, apart: Apart, kind: Claim['kind']): Read | null {
  const who = readWho(cursor);
  const data = who && cursor.need(canGet) && readData(cursor, 'or');
  if (who === null || data === null) return null;
  const form = cursor.take(inFull) === null ? 'any' : 'full';
  const by = cursor.need(ways);
  const tails = by && readTails(cursor, claimTails);
  if (tails === null || by === null) return null;
  const purpose = tails.when?.for === undefined ? {} : { for: tails.when.for };
  return { kind: 'claim', item: { ...apart, ...periodOf(tails), kind, to: who, data, ...purpose, without: tails.unless, by, form, review: tails.person ? 'suffices' : 'counts', world: tails.world, domain: tails.domain } };
}

function periodOf({ effective, expires }: Tails): Pick<Item, 'effective' | 'expires'> {
  return { effective, expires };
}

/** The `if` of a rule says its purposes and what must be there besides, which the document keeps apart. */
function purposeAndWhen({ when }: Tails): Pick<Rule, 'for' | 'when'> {
  if (when === null) return {};
  const { for: purposes, ...rest }: Condition = when;
  return { ...(purposes === undefined ? {} : { for: purposes }), ...(Object.keys(rest).length === 0 ? {} : { when: rest }) };
}

function readData(cursor: Cursor, last: 'and' | 'or'): DataScope | null {
  return cursor.take(last === 'and' ? allData : anyData) === null ? readWords(cursor, dataBook.book, dataBook.order, last) : 'all';
}

/** Data with the forms in which it is given: `names and home addresses (county only)`, `all data, with home addresses (county only),`. */
function readGiven(cursor: Cursor): Pick<ReleaseRule, 'data' | 'treat'> | null {
  const some = cursor.take(allWith) !== null;
  if (!some && cursor.take(allData) !== null) return { data: 'all', treat: {} };
  const list = readList<Given>(cursor, some ? reducedBook : givenBook, 'and');
  if (list === null || (some && cursor.need(comma) === null)) return null;
  const seen = new Set<DataClass>();
  for (const { value: { dataClass }, at } of list) {
    if (seen.has(dataClass)) return repeated(cursor, at, dataClass);
    seen.add(dataClass);
  }
  const treat = Object.fromEntries(list.flatMap(({ value: { dataClass, treatment } }) => (treatment === null ? [] : [[dataClass, treatment]])));
  return { data: some ? 'all' : allDataClasses.filter((one) => seen.has(one)), treat };
}
