import { describe, expect, it } from 'vitest';
import type { WireFaultCode, WireFormat } from '../model/index.ts';
import { decode, defaultWireSettings, echoOf, encodeAnswer, encodeFault, numberOfStatus } from './index.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function faultOf(format: WireFormat, text: string | Uint8Array): { code: WireFaultCode | 'none'; at: string | null; requester: string | null; control: string | null } {
  const read = decode(format, typeof text === 'string' ? bytes(text) : text);
  return read.ok ? { code: 'none', at: null, requester: null, control: null } : { code: read.fault.code, at: read.fault.at, requester: read.requester, control: read.control };
}

describe('legacy text is refused', () => {
  const head = 'DQ.ZX0010100.ZY.*A1.TXT\r\n';
  it.each<[string, string, WireFaultCode, string | null]>([
    ['without a header', 'hello', 'badHeader', 'header'],
    ['with a key that is none', 'dq.ZX0010100.ZY.TXT\r\nOLN/Q1', 'badHeader', 'key'],
    ['with a key that is not answered', 'YQ.ZX0010100.ZY.TXT\r\nOLN/Q1', 'keyNotAllowed', 'key'],
    ['with a short ORI', 'DQ.ZX001.ZY.TXT\r\nOLN/Q1', 'badHeader', 'requester'],
    ['without TXT', 'DQ.ZX0010100.ZY.*A1.OLN/Q1', 'noText', 'header'],
    ['with a control field of eleven characters', 'DQ.ZX0010100.ZY.*ABCDEFGHIJK.TXT\r\nOLN/Q1', 'badHeader', 'control'],
    ['with six destinations', 'DQ.ZX0010100.ZA.ZB.ZC.ZD.ZE.ZF.TXT\r\nOLN/Q1', 'badDestination', 'destinations'],
    ['with thirty destinations', `DQ.ZX0010100.${'ZA.'.repeat(30)}TXT\r\nOLN/Q1`, 'badHeader', 'header'],
    ['with no destination', 'DQ.ZX0010100.TXT\r\nOLN/Q1', 'badDestination', 'destinations'],
    ['where KQ has two destinations', 'KQ.ZX0010100.ZY.ZW.TXT\r\nOLN/Q1', 'badDestination', 'destinations'],
    ['where KQ goes to all', 'KQ.ZX0010100.NL.TXT\r\nOLN/Q1', 'badDestination', 'destinations'],
    ['where NL does not stand alone', 'DQ.ZX0010100.NL.ZY.TXT\r\nOLN/Q1', 'badDestination', 'destinations'],
    ['where a search goes to a region', 'DNQ.ZX0010100.R1.TXT\r\nNAM/MARROWBY,TESSA', 'badDestination', 'destinations'],
    ['with nothing after TXT', head, 'fieldMissing', 'subject'],
    ['with an unknown prefix', `${head}OLN/Q1.XYZ/1`, 'badCombination', 'XYZ'],
    ['with a field twice', `${head}OLN/Q1.OLN/Q1`, 'malformed', 'OLN'],
    ['with a blank field', `${head}OLN/`, 'badValue', 'OLN'],
    ['with a slash in a value', `${head}OLN/Q1/2`, 'malformed', 'TXT'],
    ['with number and name together', `${head}OLN/Q1.NAM/MARROWBY,TESSA.DOB/19840229.SEX/F`, 'badCombination', 'NAM'],
    ['with a plate on DQ', `${head}LIC/QZ7731`, 'badCombination', 'LIC'],
    ['with 21 characters of number', `${head}OLN/${'A'.repeat(21)}`, 'badValue', 'OLN'],
    ['with a name of 31 characters', `${head}NAM/${'A'.repeat(31)}.DOB/19840229.SEX/F`, 'badValue', 'NAM'],
    ['with a day that is not in the calendar', `${head}NAM/MARROWBY,TESSA.DOB/19830229.SEX/F`, 'badBirthDate', 'DOB'],
    ['without a birth date', `${head}NAM/MARROWBY,TESSA.SEX/F`, 'badBirthDate', 'DOB'],
    ['with a birth date of seven digits', `${head}NAM/MARROWBY,TESSA.DOB/1983022.SEX/F`, 'badBirthDate', 'DOB'],
    ['without sex', `${head}NAM/MARROWBY,TESSA.DOB/19840229`, 'fieldMissing', 'SEX'],
    ['with an unknown reason', `${head}RSN/Z.OLN/Q1`, 'badValue', 'RSN'],
    ['with a purpose on DQ', `${head}OLN/Q1.PUR/C`, 'badCombination', 'PUR'],
    ['with an image on DQG', 'DQG.ZX0010100.R1.TXT\r\nNAM/MARROWBY,TESSA.DOB/19840229.IMQ/Y', 'badCombination', 'IMQ'],
    ['with a number to a region', 'DQ.ZX0010100.R1.TXT\r\nOLN/Q1', 'badCombination', 'OLN'],
    ['with an attention of 31 characters', `KQ.ZX0010100.ZY.TXT\r\nOLN/Q1.ATN/${'A'.repeat(31)}`, 'badAttention', 'ATN'],
    ['with a plate without its year', 'RQ.ZX0010100.ZY.TXT\r\nLIC/QZ7731.LIT/PC', 'badCombination', 'LIY'],
    ['with a plate year of two digits', 'RQ.ZX0010100.ZY.TXT\r\nLIC/QZ7731.LIY/26.LIT/PC', 'badYear', 'LIY'],
    ['with a plate with a hyphen', 'RQ.ZX0010100.ZY.TXT\r\nLIC/QZ-7731.LIY/2026.LIT/PC', 'badValue', 'LIC'],
    ['with a wildcard on RQ', 'RQ.ZX0010100.ZY.TXT\r\nLIC/QZ*.LIY/2026.LIT/PC', 'badValue', 'LIC'],
    ['with a partial plate of nothing but wildcards', 'RPQ.ZX0010100.ZY.TXT\r\nLIC/***', 'badValue', 'LIC'],
    ['with a letter that has its capital elsewhere', `${head}OLN/ſ1`, 'badValue', 'OLN'],
    ['with such a letter as a code', `${head}RSN/ſ.OLN/Q1`, 'badValue', 'RSN'],
    ['with such a letter in a name', `${head}NAM/PENHALLOW,ODALYſ.DOB/19840229.SEX/F`, 'badValue', 'NAM'],
    ['over its size', `${head}OLN/${'A'.repeat(20_000)}`, 'tooLarge', null],
    ['with too many fields', `${head}${'OLN/Q.'.repeat(400)}`, 'tooLarge', 'TXT'],
    ['TQ to all', 'TQ.ZX0010100.NL.TXT\r\nORI/ZY0010100', 'badDestination', 'destinations'],
    ['TQ by role without a type', 'TQ.ZX0010100.OD.TXT\r\nLOC/ARDEN', 'fieldMissing', 'TYP'],
  ])('%s', (_why, text, code, at) => {
    expect(faultOf('legacy', text)).toMatchObject({ code, at });
  });

  it('and the fault still knows who asked, and the control field', () => {
    expect(faultOf('legacy', `${head}OLN/`)).toMatchObject({ requester: 'ZX0010100', control: 'A1' });
    expect(faultOf('json', '{"requester":"ZX0010100","control":"A1","key":"XQ"}')).toMatchObject({ requester: 'ZX0010100' });
  });
});

describe('legacy text is read', () => {
  const subject = (text: string, settings = defaultWireSettings): unknown => {
    const read = decode('legacy', bytes(text), settings);
    return read.ok && read.value.key !== 'TQ' ? read.value.subject : read;
  };
  it('with two-digit years by the pivot', () => {
    const text = (year: string): string => `DQ.ZX0010100.ZY.TXT\r\nNAM/MARROWBY,TESSA.DOB/0228${year}.SEX/F`;
    expect(subject(text('84'))).toMatchObject({ birthDate: '1984-02-28' });
    expect(subject(text('20'))).toMatchObject({ birthDate: '2020-02-28' });
    expect(subject(text('21'))).toMatchObject({ birthDate: '1921-02-28' });
    expect(subject(text('21'), { ...defaultWireSettings, yearPivot: 30 })).toMatchObject({ birthDate: '2021-02-28' });
  });
  it('with and without the final period and the period of the control field', () => {
    for (const text of ['DQ.ZX0010100.ZY.*A1.TXT\r\nOLN/Q1', 'DQ.ZX0010100.ZY.*A1.TXT\r\nOLN/Q1.\r\n', 'DQ.ZX0010100.ZY.\r\n*A1\r\nTXT\r\nOLN/Q1.']) {
      expect(decode('legacy', bytes(text))).toMatchObject({ ok: true, value: { control: 'A1', subject: { number: 'Q1' } } });
    }
  });
  it('with a sender whose ORI begins with TXT', () => {
    expect(decode('legacy', bytes('DQ.TXT010100.ZY.TXT\r\nOLN/Q1'))).toMatchObject({ ok: true, value: { requester: 'TXT010100' } });
  });
  it('and a region makes DQ and RQ their G form', () => {
    expect(decode('legacy', bytes('DQ.ZX0010100.R1.ZY.TXT\r\nNAM/MARROWBY,TESSA.DOB/19840229'))).toMatchObject({ ok: true, value: { key: 'DQG', destinations: ['R1', 'ZY'] } });
    expect(decode('legacy', bytes('RQ.ZX0010100.R1.TXT\r\nVIN/1ZZTEST00XX000417'))).toMatchObject({ ok: true, value: { key: 'RQG' } });
  });
  it('and a history without an image says nothing about it', () => {
    expect(decode('legacy', bytes('KQ.ZX0010100.ZY.TXT\r\nOLN/Q1.IMQ/N'))).toMatchObject({ ok: true, value: { image: null } });
    expect(decode('legacy', bytes('DQ.ZX0010100.ZY.TXT\r\nOLN/Q1.IMQ/N'))).toMatchObject({ ok: true, value: { image: false } });
  });
  it('with destinations once each', () => {
    expect(decode('legacy', bytes('DQ.ZX0010100.ZY.ZW.ZY.TXT\r\nOLN/Q1'))).toMatchObject({ ok: true, value: { destinations: ['ZY', 'ZW'] } });
  });
  it('with the special characters that every destination takes', () => {
    const settings = { ...defaultWireSettings, oln: { specials: '*-', byDestination: { ZW: '' } } };
    expect(decode('legacy', bytes('DQ.ZX0010100.ZY.TXT\r\nOLN/Q-1'), settings).ok).toBe(true);
    expect(decode('legacy', bytes('DQ.ZX0010100.ZY.ZW.TXT\r\nOLN/Q-1'), settings).ok).toBe(false);
  });
});

describe('JSON is refused', () => {
  const good = { key: 'DQ', requester: 'ZX0010100', destinations: ['ZY'], subject: { kind: 'licence', number: 'Q1' } };
  const json = (change: object): string => JSON.stringify({ ...good, ...change });
  it('but for this', () => {
    expect(faultOf('json', json({})).code).toBe('none');
  });
  it.each<[string, string, WireFaultCode, string | null]>([
    ['with a repeated name', '{"key":"DQ","key":"DQ"}', 'malformed', '/key'],
    ['with a repeated name deep down', '{"subject":{"kind":"name","kind":"name"}}', 'malformed', '/subject/kind'],
    ['with a name repeated by an escape', '{"key":"DQ","\\u006bey":"DQ"}', 'malformed', '/key'],
    ['with an unknown member', json({ photo: true }), 'malformed', '/photo'],
    ['with a member named for the prototype', '{"key":"DQ","__proto__":{}}', 'malformed', '/__proto__'],
    ['with an unknown member of the subject', json({ subject: { kind: 'licence', number: 'Q1', 'a/b~c': 1 } }), 'malformed', '/subject/a~1b~0c'],
    ['that is no object', '[]', 'malformed', ''],
    ['that goes on', `${json({})} {}`, 'malformed', ''],
    ['with a lone surrogate', json({}).replace('Q1', '\\ud800'), 'malformed', '/subject/number'],
    ['with a control character in a string', json({}).replace('Q1', 'Q\n1'), 'malformed', '/subject/number'],
    ['nested too deeply', `{"key":${'['.repeat(17)}`, 'tooLarge', `/key${'/0'.repeat(15)}`],
    ['with too many items', json({ wants: Array.from({ length: 300 }, () => 'photo') }), 'tooLarge', '/wants/248'],
    ['over its size', ' '.repeat(70_000), 'tooLarge', null],
    ['without a key', '{}', 'badHeader', '/key'],
    ['without a sender', json({ requester: null }), 'badHeader', '/requester'],
    ['without a subject', json({ subject: null }), 'fieldMissing', '/subject'],
    ['with a subject of another key', json({ subject: { kind: 'plate', plate: 'QZ7731' } }), 'badCombination', '/subject/plate'],
    ['where a search names its subject wrongly', json({ key: 'RNQ', subject: { kind: 'name', name: { surname: 'MARROWBY' } } }), 'badCombination', '/subject'],
    ['with a comma in a part of a name', json({ key: 'DNQ', subject: { kind: 'name', name: { surname: 'A,B' } } }), 'badValue', '/subject/name/surname'],
    ['with a middle name alone', json({ key: 'DNQ', subject: { kind: 'name', name: { surname: 'A', middle: 'B' } } }), 'badValue', '/subject/name/middle'],
    ['with an unknown purpose', json({ purpose: 'toString' }), 'badValue', '/purpose'],
    ['with an unknown class', json({ wants: ['photo', 'face'] }), 'badValue', '/wants/1'],
    ['with no classes wanted', json({ wants: [] }), 'badValue', '/wants'],
    ['with a fingerprint that is too short', json({ warrant: { documentHash: 'ab' } }), 'badValue', '/warrant/documentHash'],
    ['with a direction mark in a user', json({ user: 'a\u202eb' }), 'badValue', '/user'],
    ['with text for an image', json({ image: 'Y' }), 'malformed', '/image'],
    ['with one destination as text', json({ destinations: 'ZY' }), 'malformed', '/destinations'],
    ['TQ with an extension', '{"key":"TQ","requester":"ZX0010100","destination":"ZY","by":{"kind":"ori","ori":"ZY0010100"},"user":"a"}', 'malformed', '/user'],
    ['TQ by both', '{"key":"TQ","requester":"ZX0010100","destination":"ZY","by":{"kind":"ori","ori":"ZY0010100","place":"A1"}}', 'malformed', '/by/place'],
  ])('%s', (_why, text, code, at) => {
    expect(faultOf('json', text)).toMatchObject({ code, at });
  });

  it('where it is not UTF-8, as every format is', () => {
    for (const format of ['json', 'niem', 'legacy'] as const) expect(faultOf(format, Uint8Array.of(0x7b, 0xc3, 0x28)).code).toBe('malformed');
  });
  it('and a purpose, papers and classes are put in order', () => {
    const read = decode('json', bytes(json({ wants: ['photo', 'name', 'photo'], warrant: {}, onBehalfOf: 'ZX0010100' })));
    expect(read).toMatchObject({ ok: true, value: { extension: { wants: ['name', 'photo'], warrant: { number: null, documentHash: null, court: 'notStated' }, onBehalfOf: null } } });
  });
});

describe('a fault', () => {
  it('echoes 100 characters and makes control characters visible', () => {
    expect(echoOf(bytes('DQ.\r\n\u0000\u202e\ud83d\ude00'))).toBe('DQ.␍␊␀\ufffd\ufffd');
    expect(echoOf(bytes('é'.repeat(500)))).toHaveLength(100);
    const read = decode('json', bytes(`{"key":"DQ","${'\\u0007'.repeat(500)}":1}`));
    expect(read.ok || (read.fault.at ?? '').length).toBe(100);
  });

  const clocks = { received: Date.UTC(2026, 2, 18, 14, 7), sent: Date.UTC(2026, 2, 18, 14, 7, 1), receiveNumber: 1233, sendNumber: 1239 };
  it('has the layout that the network publishes', () => {
    const input = bytes('RQ.ZX0010100.ZY.TXT\r\nLIC/QZ7731.LIT/PC');
    const read = decode('legacy', input);
    if (read.ok) throw new Error('accepted');
    const text = encodeFault('legacy', { fault: read.fault, requester: read.requester, control: read.control, clocks, format: 'legacy', id: 'x' });
    expect(text.split('\r\n')).toEqual([
      'ER.NL0000000', '14:07 03/18/2026 01233', '14:07 03/18/2026 01239 ZX0010100', 'TXT', '.22. INVALID MESSAGE FORMAT',
      'A PLATE GOES WITH ITS YEAR AND TYPE: 1. LIC, LIY, LIT 2. VIN, VMA, VYR', 'AT LIY', 'ORIGINAL MESSAGE',
      'RQ.ZX0010100.ZY.TXT  LIC/QZ7731.LIT/PC', '\u0003', '',
    ]);
  });
  it('has its clocks in the zone that is set, and its control field where it is set', () => {
    const fault = { fault: { code: 'busy' as const, message: 'm', echo: '', at: null }, requester: 'ZX0010100', control: 'A1', clocks, format: 'legacy' as const, id: 'x' };
    const text = encodeFault('legacy', fault, { ...defaultWireSettings, clockOffsetMinutes: -420, controlPlacement: 'afterFirstLine' });
    expect(text.split('\r\n').slice(0, 3)).toEqual(['ER.NL0000000', '*A1', '07:07 03/18/2026 01233']);
  });
  it.each<[WireFaultCode, string, string]>([
    ['busy', 'ER .92.', 'SM .04.'], ['badHeader', 'ER .01.', 'ER .01.'], ['notAuthorised', 'ER .93.', 'ER .01.'], ['internal', 'ER .95.', 'SM .04.'],
    ['keyNotAllowed', 'ER .02.', 'ER .02.'], ['noText', 'ER .03.', 'ER .03.'], ['badBirthDate', 'ER .05.', 'ER .05.'], ['badYear', 'ER .10.', 'ER .10.'],
    ['fieldMissing', 'ER .14.', 'ER .14.'], ['badAttention', 'ER .16.', 'ER .16.'], ['badDestination', 'ER .19.', 'ER .19.'], ['badCombination', 'ER .22.', 'ER .22.'],
    ['malformed', 'ER 0', 'ER 0'], ['ledgerUnavailable', 'ER .94.', 'SM .04.'], ['conflict', 'ER .96.', 'ER 0'],
  ])('%s is %s, and %s to a peer of published numbers', (code, ours, published) => {
    const fault = { fault: { code, message: 'm', echo: '', at: null }, requester: null, control: null, clocks, format: 'json' as const, id: 'x' };
    const numberIn = (text: string): unknown => (JSON.parse(text) as { number: string }).number;
    expect(numberIn(encodeFault('json', fault))).toBe(ours);
    expect(numberIn(encodeFault('json', fault, defaultWireSettings, { codes: 'published' }))).toBe(published);
  });

  const empty = { records: [], more: false, classes: [], reasons: ['rule ZY-7: needs a warrant'], policyVersion: 1, ticket: null, receipt: null };
  const answer = {
    id: 'i', inquiryKey: 'DQ' as const, key: 'DR' as const, requester: 'ZX0010100', destinations: ['ZY'], control: null, clocks, merged: false, demonstration: true,
    summary: { asked: 1, hit: 0, noHit: 0, refused: 1, held: 0, silent: 0, owners: { hit: [], noHit: [], refused: ['ZY'], held: [], silent: [] } },
  };
  it.each(['refused', 'held', 'unavailable'] as const)('and no peer reads %s as "not on file"', (status) => {
    for (const codes of ['weir', 'published'] as const) {
      const whole = { ...answer, answers: [{ ...empty, owner: 'ZY', status }] };
      for (const format of ['legacy', 'niem'] as const) {
        const text = encodeAnswer(format, whole, defaultWireSettings, { codes });
        expect(text).not.toContain('NOT ON FILE');
        expect(text).toMatch(format === 'legacy' ? /^(?:ER|SM)\.NL0000000/ : /MessageKeyCodeText>(?:ER|SM)</);
        expect(text).toContain('INVENTED');
        if (codes === 'published') expect(text).not.toMatch(/\.9\d\./);
      }
    }
  });
  it.each([
    ['refused', 'weir', 'ER', '.90.'], ['refused', 'published', 'ER', '.02.'], ['held', 'weir', 'ER', '.91.'], ['held', 'published', 'SM', '.04.'],
    ['unavailable', 'weir', 'SM', '.04.'], ['unavailable', 'published', 'SM', '.04.'],
  ] as const)('%s goes to a peer of %s codes as %s %s', (status, codes, key, number) => {
    expect(numberOfStatus(status, { codes })).toMatchObject({ key, number });
  });
  it('nor does a source of records write lines or messages of its own', () => {
    const records = [{ licenceNumber: { number: 'Q1\r\nRECEIPT 1 FALSE\u0003\r\nTXT', jurisdiction: 'ZY' } }];
    const text = encodeAnswer('legacy', { ...answer, answers: [{ ...empty, owner: 'ZY', status: 'answered', records }] });
    expect(text.match(/\u0003/g)).toHaveLength(1);
    expect(text).not.toMatch(/^RECEIPT/m);
  });
});
