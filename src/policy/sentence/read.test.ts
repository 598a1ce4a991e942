import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { condition, data, matcher, policyDocument } from '../../../test/policyArbitraries.ts';
import { allDataClasses, allJurisdictions, allPurposes, attributeWords, courtClasses, namesOf, queryKinds, type RequesterAttributes } from '../../vocabulary/index.ts';
import { caps, type Claim, type Item, type LimitRule, type Matcher, type PolicyDocument, type Rule } from '../document.ts';
import { limitSentence, ruleSentence, sentencesOf } from '../words.ts';
import { sentenceCodes, type SentenceCode } from './faults.ts';
import { longestSentence, readSentence } from './read.ts';

/** Limits that hold without a review of their own, besides what the arbitrary gives. */
const documents = fc.tuple(policyDocument, fc.boolean()).map(([document, bare]): PolicyDocument => ({
  ...document, limits: document.limits.map((limit): LimitRule => (bare && limit.beyond === 'hold' ? { ...limit, review: null } : limit)),
}));

const apart = ({ id, title, cites }: Item) => ({ id, title, cites });
const kindOf = (document: PolicyDocument, item: Item) => {
  const lists: readonly (readonly [string, readonly Item[]])[] = [['rule', document.rules], ['onward', document.onward], ['limit', document.limits], ['notify', document.notify], ['claim', document.claims]];
  return lists.find(([, items]) => items.includes(item))?.[0];
};
const read = (text: string) => readSentence(text, { id: 'ZY-1' });
const fault = (text: string) => {
  const result = read(text);
  if (result.ok) throw new Error(`it was read: ${text}`);
  return result;
};

describe('readSentence', () => {
  it('reads each sentence of a document back to the same item', () => {
    fc.assert(fc.property(documents, (document) => {
      for (const { item, sentence } of sentencesOf(document)) {
        expect(readSentence(sentence, apart(item)), sentence).toEqual({ ok: true, kind: kindOf(document, item), item });
      }
    }), { numRuns: 1_500 });
  });

  it('reads it whatever the first letter, the white space and the final period', () => {
    const loose = (sentence: string, space: string) => ` ${space}${sentence.charAt(0).toLowerCase()}${sentence.slice(1, -1).split(/("(?:[^"]|"")*")/).map((part, n) => (n % 2 === 1 ? part : part.replaceAll(' ', space))).join('')}${space}`;
    fc.assert(fc.property(documents, fc.constantFrom('  ', '\n', '\t ', '\u00a0'), (document, space) => {
      for (const { item, sentence } of sentencesOf(document)) expect(readSentence(loose(sentence, space), apart(item))).toMatchObject({ ok: true, item });
    }), { numRuns: 200 });
  });

  it('reads a desk of any name', () => {
    const item: Rule = { id: 'ZY-1', title: null, cites: [], effective: null, expires: null, outcome: 'hold', data: ['photo'], unless: [], review: { by: 'x', withinSeconds: 60, onTimeout: 'release' } };
    for (const by of ['"', '""', 'a" decides within 4 hours, else refuse', ' two  spaces ', '. This does not apply if', 'ICE; the “desk”, and (others)', '\\"']) {
      const held = { ...item, review: { ...item.review, by } };
      expect(read(ruleSentence(held))).toEqual({ ok: true, kind: 'rule', item: held });
    }
  });

  it('reads the longest rule that there can be', () => {
    const to = Object.fromEntries((Object.keys(attributeWords) as (keyof RequesterAttributes)[]).map((name) => [name, name === 'homeState' ? [...allJurisdictions, ...attributeWords.homeState] : attributeWords[name]])) as Matcher;
    const one = { to, for: allPurposes, warrant: 'none', court: namesOf(courtClasses), caseNumber: 'courtConfirmed', query: namesOf(queryKinds) } as const;
    const item: Rule = { id: 'ZY-1', title: null, cites: [], effective: '2026-01-01', expires: '2026-01-01', outcome: 'deny', data: allDataClasses, to, for: allPurposes, unless: Array.from({ length: caps.conditions }, () => one) };
    expect(read(ruleSentence(item))).toEqual({ ok: true, kind: 'rule', item });
    expect(read(ruleSentence({ ...item, unless: [...item.unless, one] }))).toMatchObject({ ok: false, code: 'tooMany' });
      });

  it('takes the words of a list in any order, and conditions in either form', () => {
    expect(read('Refuse photos, names and home addresses to agencies from Oregon or Alaska')).toMatchObject({ item: { data: ['name', 'address', 'photo'], to: { homeState: ['AK', 'OR'] } } });
    expect(read('Refuse all data to anyone who asks. This applies only if the request is for fraud')).toMatchObject({ ok: false });
    const forms = ['Give photos to anyone who asks, if the asker states a warrant, unless a court confirms the case.', 'Give photos to anyone who asks. This applies only if the asker states a warrant. This does not apply if a court confirms the case.'].map(read);
    expect(forms[0]).toEqual(forms[1]);
    expect(forms[0]).toMatchObject({ ok: true, item: { when: { warrant: 'stated' }, unless: [{ caseNumber: 'courtConfirmed' }] } });
  });

  it('never gives two items one sentence', () => {
    const bySentence = new Map<string, string>();
    const body = (item: Item) => stable({ ...item, id: '', title: null, cites: [] });
    fc.assert(fc.property(documents, condition, data, matcher, (document, other, scope, to) => {
      const changed = [
        ...document.rules.flatMap((rule): Rule[] => [{ ...rule, unless: [other] }, { ...rule, to }, rule.outcome === 'release' ? { ...rule, data: scope, treat: {} } : { ...rule, data: scope }]),
        ...document.claims.flatMap((claim): Claim[] => [{ ...claim, to }, { ...claim, data: scope }, { ...claim, without: [...claim.without, other] }]),
      ];
      const rules = changed.filter((one): one is Rule => 'outcome' in one);
      const claims = changed.filter((one): one is Claim => 'without' in one);
      for (const { item, sentence } of sentencesOf({ ...document, rules: [...document.rules, ...rules], claims: [...document.claims, ...claims] })) {
        expect(bySentence.get(sentence) ?? body(item), sentence).toBe(body(item));
        bySentence.set(sentence, body(item));
      }
    }), { numRuns: 500 });
    expect(bySentence.size).toBeGreaterThan(5_000);
  });

  it('says where a sentence goes wrong, and what could stand there', () => {
    const cases: readonly (readonly [SentenceCode, string, string])[] = [
      ['unexpected', 'Refuse home ', 'adresses to anyone who asks.'],
      ['unexpected', '', 'Gve photos to anyone who asks.'],
      ['unexpected', 'Refuse photos to ', 'everybody.'],
      ['unexpected', 'Refuse photos to anyone who asks, ', 'unles the asker states a warrant.'],
      ['unexpected', 'Refuse photos to anyone who asks ', 'names'],
      ['unexpected', 'Refuse photos ', '(small and grey) to anyone who asks'],
      ['unexpected', 'Give names (', 'county only) to anyone who asks.'],
      ['unexpected', 'Refuse photos to federal agencies, unless the asker states a warrant, ', 'if the request is for licensing.'],
      ['unexpected', 'Refuse photos to anyone who asks ', 'unless the asker states a warrant.'],
      ['unexpected', 'Refuse photos to federal agencies that are part of ICE or ', 'whose job is to guard the border.'],
      ['unfinished', 'Refuse photos, names', ''],
      ['unfinished', 'Refuse photos to', ''],
      ['unfinished', 'Hold photos for anyone who asks.', ''],
      ['unfinished', '', ''],
      ['repeatedWord', 'Refuse photos and ', 'photos to anyone who asks.'],
      ['repeatedWord', 'Refuse photos to agencies from Oregon ', 'from Alaska.'],
      ['repeatedWord', 'Refuse photos to anyone who asks, unless the asker states a warrant and ', 'a court confirms a warrant.'],
      ['repeatedWord', 'Refuse photos to anyone who asks, unless a court confirms a warrant signed by a federal magistrate or ', 'a federal judge or magistrate.'],
      ['namesNobody', 'Refuse photos to ', 'agencies.'],
      ['badDate', 'Refuse photos to anyone who asks, from ', '2026-02-30.'],
      ['expiresFirst', 'Refuse photos to anyone who asks, from 2026-03-01, up to ', '2026-02-01.'],
      ['badDuration', 'Tell the person within ', '367 days of any request.'],
      ['badDuration', 'Tell the person within ', '0 hours of any request.'],
      ['badLimit', 'At most ', '1000000001 times a day, give photos to each agency, then hold.'],
      ['unexpected', 'Refuse photos ', 'or names to anyone who asks.'],
      ['unexpected', 'No federal agencies can get photos ', 'and names directly.'],
      ['badText', 'Hold photos for anyone who asks. ', '" " decides within 4 hours, else refuse.'],
      ['openQuote', 'Hold photos for anyone who asks. ', '"desk decides within 4 hours, else refuse.'],
    ];
    for (const [code, before, after] of cases) {
      const { at, message, mend, ...rest } = fault(before + after);
      expect([rest.code, (before + after).slice(at)], before + after).toEqual([code, after]);
      expect(message).toMatch(/^[^A-Z].*[^.]$/);
      expect(mend).not.toBeNull();
    }
    expect(new Set([...cases.map(([code]) => code), 'tooLong', 'tooMany'])).toEqual(new Set(Object.keys(sentenceCodes)));
  });

  it('never throws, and gives a place within the text', () => {
    const piece = fc.oneof(fc.constantFrom('Give ', 'photos ', 'to ', 'agencies ', 'that ', 'or ', 'and ', ', ', '. ', '"', '(', 'anyone who asks', 'unless ', '287(g)', '4 ', 'hours'), fc.string({ unit: 'grapheme' }));
    fc.assert(fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join('');
      const result = read(text);
      if (!result.ok) expect(result.at >= 0 && result.at <= text.length).toBe(true);
    }), { numRuns: 2_000 });
  });

  it('refuses what is longer than any rule, and reads to the end of what is not', () => {
    expect(fault('x'.repeat(longestSentence + 1)).code).toBe('tooLong');
    for (const part of ['"', '(', ', photos', ' and names']) expect(fault(`Refuse photos${part.repeat(Math.floor((longestSentence - 20) / part.length))}`).ok).toBe(false);
  });

  it('reads a sentence that is cut short or changed in one word never as the whole', () => {
    fc.assert(fc.property(documents, fc.nat(), (document, n) => {
      for (const { item, sentence } of sentencesOf(document)) {
        const words = sentence.slice(0, -1).split(' ');
        const without = words.filter((_, index) => index !== n % words.length).join(' ');
        const result = readSentence(without, apart(item));
        if (result.ok) expect(stable(result.item), without).not.toBe(stable(item));
      }
    }), { numRuns: 300 });
  });

  it('says each limit so that it is read back', () => {
    const limit: LimitRule = { id: 'ZY-1', title: null, cites: [], effective: null, expires: null, data: ['photo'], per: 'agency', max: { count: 50, per: 'day' }, beyond: 'hold', review: null };
    const limits: readonly LimitRule[] = [limit, { ...limit, per: 'owner' }, { ...limit, to: { level: ['federal'] } }, { ...limit, to: { level: ['federal'] }, per: 'owner', max: { count: 1, per: 'hour' }, beyond: 'deny' }];
    expect(limits.map(limitSentence)).toEqual([
      'At most 50 times a day, give photos to each agency, then hold.', 'At most 50 times a day in all, give photos to anyone who asks, then hold.',
      'At most 50 times a day, give photos to each of the federal agencies, then hold.', 'At most 1 time an hour in all, give photos to federal agencies, then refuse.',
    ]);
    for (const item of limits) expect(read(limitSentence(item))).toEqual({ ok: true, kind: 'limit', item });
  });
});

/** A value as text, whatever the order of its keys. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => (typeof one === 'object' && one !== null && !Array.isArray(one) ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))) : one));
}
