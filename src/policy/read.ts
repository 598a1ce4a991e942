import {
  affiliationKinds, attributeWords, allJurisdictions, courtClasses, dataClasses, evidenceGrades, purposes, queryKinds, treatments, treatmentsOf,
  isNameOf, type DataClass, type RequesterAttributes, type Treatment,
} from '../vocabulary/index.ts';
import type { Review } from '../model/index.ts';
import {
  type Afterwards, caps, classesOf, proofDomains, proofWorlds, type Claim, type Condition, type DataScope, type Item, type LimitRule, type Matcher, type NotifyRule, type OnwardRule,
  type PolicyDocument, type Rule,
} from './document.ts';
import { quote } from './findings.ts';
import { parseLimit } from './quantity.ts';
import { placeItems, type Fields, type Reader } from './reader.ts';
import { nearest } from './suggest.ts';
import type { Tree } from './tree.ts';

const itemKeys = ['title', 'cites', 'effective', 'expires'] as const;
const outcomeKeys = ['release', 'hold', 'deny'] as const;
const beside = 'write it beside `id`, not inside the outcome';
const inside = 'write it inside the outcome, such as `deny: { data: [photo], to: … }`';

/** The document that a tree says, or null where findings of severity error were reported. */
export function readDocument(tree: Tree, reader: Reader): PolicyDocument | null {
  const fields = reader.fields(tree, '', 'a policy', ['policy', 'version', 'effective', 'rules'], ['expires', 'title', 'note', 'cites', 'onward', 'limits', 'notify', 'claims']);
  if (fields === null) return null;
  const document = {
    policy: owner(fields.policy, reader),
    version: version(fields.version, reader),
    effective: fields.effective && reader.day(fields.effective),
    expires: fields.expires ? reader.day(fields.expires) : null,
    title: fields.title ? reader.text(fields.title, 'a title', caps.titleLength) : null,
    note: fields.note ? reader.text(fields.note, 'a note', caps.noteLength) : null,
    cites: fields.cites ? reader.texts(fields.cites, 'a citation') : [],
    rules: items(fields.rules, 'rules', reader, readRule),
    onward: items(fields.onward, 'onward', reader, readOnward),
    limits: items(fields.limits, 'limits', reader, readLimit),
    notify: items(fields.notify, 'notify', reader, readNotify),
    claims: items(fields.claims, 'claims', reader, readClaim),
  };
  period(document.effective ?? null, document.expires, '', reader);
  // Every null that stands for a refused value came with an error, so that the type is honest where this returns.
  return reader.findings.hasErrors ? null : (document as PolicyDocument);
}

function owner(tree: Tree | undefined, reader: Reader): string | null {
  if (tree === undefined) return null;
  const text = tree.kind === 'scalar' ? tree.value : null;
  if (typeof text !== 'string' || !/^[A-Z]{2}$/.test(text)) return reader.refuse('badOwner', tree, `${quote(tree.kind === 'scalar' ? tree.text : '')} is not an owner`, 'write two capital letters, such as `WA`');
  if (text === 'NL') return reader.refuse('badOwner', tree, '`NL` stands for all owners and cannot be one', 'write two capital letters, such as `WA`');
  if (!(allJurisdictions as readonly string[]).includes(text)) reader.findings.add('unknownOwner', tree.at, `${quote(text)} is none of the 56 jurisdictions that issue licences`, 'leave it only in an example');
  return text;
}

function version(tree: Tree | undefined, reader: Reader): number | null {
  if (tree === undefined) return null;
  const value = tree.kind === 'scalar' ? tree.value : null;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= caps.version) return value;
  return reader.refuse('badVersion', tree, 'the version is not a whole number from 1', 'write `version: 1`, and one more at each change');
}

function items<I extends Item>(tree: Tree | undefined, path: string, reader: Reader, read: (tree: Tree, path: string, reader: Reader) => I | null): readonly I[] {
  const list = tree === undefined ? null : reader.list(tree, `\`${path}\``, caps.items);
  if (list === null) return [];
  placeItems(reader, list, path);
  return list.items.map((item, index) => read(item, `${path}/${index}`, reader)).filter((item) => item !== null);
}

function readRule(tree: Tree, path: string, reader: Reader): Rule | null {
  const misplaced = { redact: 'write `release` with `treat`, such as `treat: { photo: reduced }`', data: inside, to: inside, for: inside, when: inside, unless: inside, treat: inside, review: inside, afterwards: inside };
  const fields = reader.fields(tree, path, 'a rule', ['id'], [...itemKeys, ...outcomeKeys], misplaced);
  if (fields === null) return null;
  const item = readItem(fields, path, reader);
  const given = outcomeKeys.filter((key) => fields[key] !== undefined);
  const [outcome] = given;
  // A misspelt outcome was reported as an unknown key: one finding is enough.
  if (outcome === undefined && tree.kind === 'map' && tree.members.size > Object.keys(fields).length) return null;
  if (outcome === undefined || given.length > 1) {
    return reader.refuse('oneOutcome', tree, given.length > 1 ? `the rule has ${given.map(quote).join(' and ')}` : 'the rule has no outcome', 'give each rule exactly one of `release`, `hold` or `deny`');
  }
  return readBody(item, outcome, fields[outcome] as Tree, `${path}/${outcome}`, reader);
}

function readBody(item: Item, outcome: Rule['outcome'], tree: Tree, path: string, reader: Reader): Rule | null {
  const misplaced = { id: beside, title: beside, cites: beside, effective: beside, expires: beside, ...(outcome === 'hold' ? {} : { review: 'only `hold` is reviewed' }), ...(outcome === 'release' ? {} : { treat: 'only `release` has treatments', afterwards: 'only what is released is looked at afterwards' }) };
  const own = ({ release: ['treat', 'afterwards'], hold: ['review'], deny: [] } as const)[outcome];
  const fields: Fields<string> | null = reader.fields(tree, path, `\`${outcome}\``, outcome === 'hold' ? ['data', 'review'] : ['data'], ['to', 'for', 'when', 'unless', ...own], misplaced);
  if (fields === null) return null;
  const data = fields['data'] && readData(fields['data'], reader);
  const body = {
    ...item,
    data: data ?? [],
    ...optional('to', fields['to'] && readMatcher(fields['to'], `${path}/to`, reader)),
    ...optional('for', fields['for'] && reader.words(fields['for'], purposes, 'a purpose')),
    ...optional('when', fields['when'] && readCondition(fields['when'], `${path}/when`, reader, ['to', 'for'])),
    unless: fields['unless'] ? readConditions(fields['unless'], `${path}/unless`, reader) : [],
  };
  if (outcome === 'deny') return { outcome, ...body };
  if (outcome === 'release') {
    const afterwards = fields['afterwards'] && readAfterwards(fields['afterwards'], `${path}/afterwards`, reader);
    if (afterwards && (body.for === undefined || body.for.some((one) => one !== 'emergency'))) {
      reader.refuse('afterwardsNotEmergency', fields['afterwards'] as Tree, 'what is looked at afterwards must be for an emergency alone', 'write `for: [emergency]` beside `data`');
    }
    return { outcome, ...body, treat: fields['treat'] ? readTreat(fields['treat'], body.data, reader) : {}, ...optional('afterwards', afterwards) };
  }
  const review = fields['review'] ? readReview(fields['review'], `${path}/review`, reader) : null;
  return review && { outcome, ...body, review };
}

function readOnward(tree: Tree, path: string, reader: Reader): OnwardRule | null {
  const fields = reader.fields(tree, path, 'an onward rule', ['id', 'data', 'via', 'allow'], itemKeys);
  if (fields?.data === undefined || fields.via === undefined || fields.allow === undefined) return null;
  const item = readItem(fields, path, reader);
  const data = readData(fields.data, reader);
  const via = reader.words(fields.via, affiliationKinds, 'a kind of affiliation');
  const allow = readAllow(fields.allow, `${path}/allow`, reader);
  return data && via && allow && { ...item, data, via, allow };
}

function readAllow(tree: Tree, path: string, reader: Reader): OnwardRule['allow'] | null {
  if (tree.kind === 'scalar') return reader.word(tree, ['never', 'always'] as const, '`never`, `always` or a map with `when`');
  const fields = reader.fields(tree, path, '`allow`', ['when'], []);
  return fields?.when ? readCondition(fields.when, `${path}/when`, reader) : null;
}

function readLimit(tree: Tree, path: string, reader: Reader): LimitRule | null {
  const fields = reader.fields(tree, path, 'a limit', ['id', 'data', 'per', 'max', 'beyond'], [...itemKeys, 'to', 'review']);
  if (fields?.data === undefined || fields.per === undefined || fields.max === undefined || fields.beyond === undefined) return null;
  const item = readItem(fields, path, reader);
  const data = readData(fields.data, reader);
  const to = fields.to && readMatcher(fields.to, `${path}/to`, reader);
  const per = reader.word(fields.per, ['agency', 'owner'] as const, 'what a limit counts by');
  const text = fields.max.kind === 'scalar' ? fields.max.text : '';
  const max = parseLimit(text) ?? reader.refuse('badLimit', fields.max, `${quote(text)} is not a limit`, 'write a number and `/hour`, `/day`, `/week` or `/month`, such as `50/day`');
  const beyond = reader.word(fields.beyond, ['hold', 'deny'] as const, 'what follows beyond a limit');
  const review = fields.review ? readReview(fields.review, `${path}/review`, reader) : null;
  if (fields.review && beyond === 'deny') reader.refuse('reviewNotHeld', fields.review, 'a limit beyond which requests are denied has no review', 'write `beyond: hold`, or leave `review` out');
  return data && per && max && beyond && { ...item, data, ...optional('to', to), per, max, beyond, review };
}

function readNotify(tree: Tree, path: string, reader: Reader): NotifyRule | null {
  const fields = reader.fields(tree, path, 'a duty to notify', ['id', 'who', 'within'], [...itemKeys, 'data', 'when', 'unless'], { to: 'write it inside `when`', for: 'write it inside `when`' });
  if (fields?.who === undefined || fields.within === undefined) return null;
  const item = readItem(fields, path, reader);
  const data = fields.data && readData(fields.data, reader);
  const when = fields.when && readCondition(fields.when, `${path}/when`, reader);
  const unless = fields.unless ? readConditions(fields.unless, `${path}/unless`, reader) : [];
  const who = reader.word(fields.who, ['subject', 'owner'] as const, 'who is told');
  const withinSeconds = reader.duration(fields.within);
  return who === null || withinSeconds === null ? null : { ...item, ...optional('data', data), ...optional('when', when), unless, who, withinSeconds };
}

function readClaim(tree: Tree, path: string, reader: Reader): Claim | null {
  const fields = reader.fields(tree, path, 'a claim', ['id'], [...itemKeys, 'never', 'only']);
  if (fields === null) return null;
  const item = readItem(fields, path, reader);
  const kind = fields.never ? 'never' : 'only';
  const body = fields[kind];
  if (body === undefined || (fields.never && fields.only)) return reader.refuse('oneOutcome', tree, 'the claim does not say one thing', 'give each claim exactly one of `never` or `only`');
  const slots = reader.fields(body, `${path}/${kind}`, `\`${kind}\``, ['to', 'data', 'by'], ['for', 'without', 'form', 'review', 'world', 'domain'], { unless: 'write `without`' });
  if (slots?.to === undefined || slots.data === undefined || slots.by === undefined) return null;
  const to = readMatcher(slots.to, `${path}/${kind}/to`, reader);
  const data = readData(slots.data, reader);
  const purpose = slots.for && reader.words(slots.for, purposes, 'a purpose');
  const without = slots.without ? readConditions(slots.without, `${path}/${kind}/without`, reader) : [];
  const by = reader.word(slots.by, ['direct', 'anyPath'] as const, 'a way to obtain data');
  const form = slots.form ? reader.word(slots.form, ['any', 'full'] as const, 'a form') : 'any';
  const review = slots.review ? reader.word(slots.review, ['counts', 'suffices'] as const, 'what a review is to a claim') : 'counts';
  const world = slots.world ? reader.word(slots.world, proofWorlds, 'a world') : 'honoured';
  const domain = slots.domain ? reader.word(slots.domain, proofDomains, 'a domain') : 'registry';
  return to && data && by && form && review && world && domain && { ...item, kind, to, data, ...optional('for', purpose), without, by, form, review, world, domain };
}

function readItem(fields: Fields<'id' | (typeof itemKeys)[number]>, path: string, reader: Reader): Item {
  const item = {
    id: readId(fields.id, reader),
    title: fields.title ? reader.text(fields.title, 'a title', caps.titleLength) : null,
    cites: fields.cites ? reader.texts(fields.cites, 'a citation') : [],
    effective: fields.effective ? reader.day(fields.effective) : null,
    expires: fields.expires ? reader.day(fields.expires) : null,
  };
  period(item.effective, item.expires, path, reader);
  return item;
}

function readId(tree: Tree | undefined, reader: Reader): string {
  const id = tree === undefined ? null : reader.id(tree);
  if (tree === undefined || id === null) return '';
  if (reader.ids.has(id)) reader.refuse('repeatedId', tree, `the id ${quote(id)} is used twice`, 'give each item an id of its own');
  reader.ids.add(id);
  return id;
}

function readData(tree: Tree, reader: Reader): DataScope | null {
  if (tree.kind === 'scalar' && tree.value === 'all') return 'all';
  const all = tree.kind === 'list' ? tree.items.find((item) => item.kind === 'scalar' && item.value === 'all') : undefined;
  if (all !== undefined) return reader.refuse('wrongType', all, '`all` stands in a list', 'write `data: all` without a list');
  return reader.words(tree, dataClasses, 'a class of data');
}

function readMatcher(tree: Tree, path: string, reader: Reader): Matcher | null {
  const names = Object.keys(attributeWords) as (keyof RequesterAttributes)[];
  const fields = reader.fields(tree, path, 'a requester', [], names);
  if (fields === null || tree.kind !== 'map') return null;
  if (tree.members.size === 0) return reader.refuse('emptyCondition', tree, 'the matcher names no attribute', 'leave `to` out where every requester is meant');
  return Object.fromEntries(names.flatMap((name) => {
    const value = fields[name];
    const known = name === 'homeState' ? [...allJurisdictions, ...attributeWords.homeState] : attributeWords[name];
    const words = value && reader.words(value, known, `a word for \`${name}\``);
    return words ? [[name, words]] : [];
  }));
}

function readConditions(tree: Tree, path: string, reader: Reader): readonly Condition[] {
  if (tree.kind !== 'list') return [readCondition(tree, path, reader)].filter((one) => one !== null);
  if (tree.items.length === 0) reader.refuse('emptyList', tree, 'the list has nothing in it', 'name a condition, or leave the key out');
  const list = reader.list(tree, 'the list of conditions', caps.conditions);
  if (list === null) return [];
  placeItems(reader, list, path);
  return list.items.map((item, index) => readCondition(item, `${path}/${index}`, reader)).filter((one) => one !== null);
}

/** `without` names keys that the place does not take, because they have a place of their own beside it. */
function readCondition(tree: Tree, path: string, reader: Reader, without: readonly ('to' | 'for')[] = []): Condition | null {
  const keys = (['to', 'for', 'warrant', 'court', 'caseNumber', 'query'] as const).filter((key) => !(without as readonly string[]).includes(key));
  const fields: Fields<string> | null = reader.fields(tree, path, 'a condition', [], keys, Object.fromEntries(without.map((key) => [key, `write \`${key}\` beside \`data\``])));
  if (fields === null || tree.kind !== 'map') return null;
  if (tree.members.size === 0) return reader.refuse('emptyCondition', tree, 'the condition names nothing', 'name a part of it, or leave the key out');
  return {
    ...optional('to', fields['to'] && readMatcher(fields['to'], `${path}/to`, reader)),
    ...optional('for', fields['for'] && reader.words(fields['for'], purposes, 'a purpose')),
    ...optional('warrant', fields['warrant'] && reader.word(fields['warrant'], evidenceGrades, 'a grade of evidence')),
    ...optional('court', fields['court'] && reader.words(fields['court'], courtClasses, 'a class of court')),
    ...optional('caseNumber', fields['caseNumber'] && reader.word(fields['caseNumber'], evidenceGrades, 'a grade of evidence')),
    ...optional('query', fields['query'] && reader.words(fields['query'], queryKinds, 'a kind of query')),
  };
}

function readTreat(tree: Tree, data: DataScope, reader: Reader): Readonly<Partial<Record<DataClass, Treatment>>> {
  if (tree.kind !== 'map') {
    reader.refuse('wrongType', tree, '`treat` must be a map from a class of data to a treatment', 'write `treat: { photo: reduced }`');
    return {};
  }
  const found: Partial<Record<DataClass, Treatment>> = {};
  for (const [name, { keyAt, value }] of tree.members) {
    if (!isNameOf(dataClasses, name)) {
      const mend = nearest(name, Object.keys(treatmentsOf));
      reader.findings.add('unknownWord', keyAt, `${quote(name)} is not a class of data`, mend === null ? null : `did you mean \`${mend}\`?`);
      continue;
    }
    const treatment = reader.word(value, treatments, 'a treatment');
    if (treatment === null) continue;
    const fitting = treatmentsOf[name] ?? [];
    if (!fitting.includes(treatment)) {
      reader.refuse('treatmentNotValid', value, `${quote(treatment)} does not fit ${quote(name)}`, fitting.length > 0 ? `use one of ${fitting.map(quote).join(', ')}` : `${quote(name)} has no reduced form: release it, hold it or deny it`);
    } else if (!classesOf(data).includes(name)) {
      reader.findings.add('treatmentNotReleased', keyAt, `${quote(name)} is treated but not released by this rule`, `add ${quote(name)} to \`data\``);
    } else found[name] = treatment;
  }
  return found;
}

function readReview(tree: Tree, path: string, reader: Reader): Review | null {
  const fields = reader.fields(tree, path, 'a review', ['by', 'within', 'onTimeout'], []);
  if (fields?.by === undefined || fields.within === undefined || fields.onTimeout === undefined) return null;
  const by = reader.text(fields.by, 'a desk', caps.deskLength);
  const withinSeconds = reader.duration(fields.within);
  const onTimeout = reader.word(fields.onTimeout, ['deny', 'release'] as const, 'what follows where nobody decides');
  return by === null || withinSeconds === null || onTimeout === null ? null : { by, withinSeconds, onTimeout };
}

function readAfterwards(tree: Tree, path: string, reader: Reader): Afterwards | null {
  const fields = reader.fields(tree, path, 'what follows', ['by', 'within'], []);
  if (fields?.by === undefined || fields.within === undefined) return null;
  const by = reader.text(fields.by, 'a desk', caps.deskLength);
  const withinSeconds = reader.duration(fields.within);
  return by === null || withinSeconds === null ? null : { by, withinSeconds };
}

function period(from: string | null, until: string | null, path: string, reader: Reader): void {
  if (from === null || until === null || from <= until) return;
  const at = reader.place(path === '' ? 'expires' : `${path}/expires`);
  reader.findings.add('expiresFirst', at, `the period ends on ${until}, before it begins on ${from}`, 'change one of the two dates');
}

function optional<Key extends string, Value>(key: Key, value: Value | null | undefined): { readonly [K in Key]?: Value } {
  return value === null || value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]?: Value });
}
