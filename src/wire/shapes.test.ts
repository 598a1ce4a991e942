import { describe, expect, it } from 'vitest';
import type { Answer, Inquiry } from '../model/index.ts';
import { emptyExtension } from '../model/index.ts';
import { decode, decodeAnswer, encodeAnswer, encodeInquiry } from './index.ts';

/** The published shapes (docs/wire.md), with invented persons and the invented jurisdictions ZX, ZY and ZW. */
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const blank: Omit<Inquiry, 'key' | 'subject'> = {
  requester: 'ZX0010100', destinations: ['ZY'], control: null, image: null, reason: null, legacyPurpose: null, attention: null, extension: emptyExtension,
};
const odalys = { surname: 'PENHALLOW', given: 'ODALYS', middle: 'V' };

describe('the three formats of one inquiry', () => {
  const legacy = 'DQ.ZX0010100.ZY.ZW.*C7D8.TXT\r\nRSN/T.NAM/PENHALLOW,ODALYS V.DOB/19791103.SEX/F.IMQ/N';
  const niem = `<?xml version="1.0" encoding="UTF-8"?>
    <n2:NLETS n2:version="4.00" xmlns:n2="http://www.nlets.org/niem/1.0" xmlns:nh2="http://www.nlets.org/niem/nlets-hdr/1.0" xmlns:nc="http://niem.gov/niem/niem-core/2.0">
      <n2:NLETSMessageHeader>
        <nh2:MessageKeyCodeText>DQ</nh2:MessageKeyCodeText>
        <nh2:OriginatingORIID>ZX0010100</nh2:OriginatingORIID>
        <nh2:DestinationORIID>ZY</nh2:DestinationORIID><nh2:DestinationORIID>ZW</nh2:DestinationORIID>
        <nh2:DocumentControlFieldText><![CDATA[C7D8]]></nh2:DocumentControlFieldText>
      </n2:NLETSMessageHeader>
      <n2:NLETSInquiryData>
        <n2:ReasonCode>T</n2:ReasonCode>
        <n2:ImageIndicator>N</n2:ImageIndicator>
        <n2:Person>
          <nc:PersonBirthDate><nc:Date>1979-11-03</nc:Date></nc:PersonBirthDate>
          <nc:PersonName>
            <nc:PersonGivenName>Odalys</nc:PersonGivenName><nc:PersonMiddleName>V</nc:PersonMiddleName><nc:PersonSurName>Penhallow</nc:PersonSurName>
          </nc:PersonName>
          <nc:PersonSexCode>F</nc:PersonSexCode>
        </n2:Person>
      </n2:NLETSInquiryData>
    </n2:NLETS>`;
  const json = JSON.stringify({
    key: 'DQ', requester: 'ZX0010100', destinations: ['ZY', 'ZW'], control: 'C7D8', reason: 'T', image: false,
    subject: { kind: 'person', name: { surname: 'Penhallow', given: 'Odalys', middle: 'V' }, birthDate: '1979-11-03', sex: 'F' },
  });
  const value: Inquiry = {
    ...blank, key: 'DQ', destinations: ['ZY', 'ZW'], control: 'C7D8', image: false, reason: 'T',
    subject: { kind: 'person', name: odalys, birthDate: '1979-11-03', sex: 'F' },
  };
  it('decode to equal values', () => {
    expect(decode('legacy', bytes(legacy))).toEqual({ ok: true, value });
    expect(decode('niem', bytes(niem))).toEqual({ ok: true, value });
    expect(decode('json', bytes(json))).toEqual({ ok: true, value });
  });
  it('are written in the published order', () => {
    expect(encodeInquiry('legacy', value)).toBe(legacy);
  });
});

describe('legacy text of each key', () => {
  it.each<[string, string, Partial<Inquiry>]>([
    ['driver by number, with image', 'DQ.ZX0010100.ZY.*C7D8E9.TXT\r\nOLN/K20931-77*A.IMQ/Y', { key: 'DQ', control: 'C7D8E9', image: true, subject: { kind: 'licence', number: 'K20931-77*A' } }],
    ['driver in a region', 'DQG.ZX0010100.R3.TXT\r\nNAM/PENHALLOW,ODALYS V.DOB/19791103', { key: 'DQG', destinations: ['R3'], subject: { kind: 'person', name: odalys, birthDate: '1979-11-03', sex: null } }],
    ['driver by name alone', 'DNQ.ZX0010100.ZY.TXT\r\nNAM/PENHALLOW', { key: 'DNQ', subject: { kind: 'name', name: { surname: 'PENHALLOW', given: '', middle: '' } } }],
    ['driver history', 'KQ.ZX0010100.ZY.TXT\r\nOLN/K2093177.RSN/V.PUR/C.ATN/SGT M ARKWELL BADGE 0128.IMQ/Y', {
      key: 'KQ', reason: 'V', legacyPurpose: 'C', attention: 'SGT M ARKWELL BADGE 0128', image: true, subject: { kind: 'licence', number: 'K2093177' },
    }],
    ['registration by plate', 'RQ.ZX0010100.NL.TXT\r\nLIC/HB2048.LIY/NX.LIT/PC', { key: 'RQ', destinations: ['NL'], subject: { kind: 'plate', plate: 'HB2048', plateYear: 'NX', plateType: 'PC' } }],
    ['registration by vehicle number', 'RQ.ZX0010100.ZY.TXT\r\nRSN/S.VIN/1ZZTEST00XX000128.VMA/ZEPH.VYR/2019', { key: 'RQ', reason: 'S', subject: { kind: 'vin', vin: '1ZZTEST00XX000128', make: 'ZEPH', year: '2019' } }],
    ['registration by owner', 'RNQ.ZX0010100.ZY.TXT\r\nNAM/PENHALLOW,ODALYS V', { key: 'RNQ', subject: { kind: 'owner', name: odalys } }],
    ['registration by part of a plate', 'RPQ.ZX0010100.ZY.TXT\r\nLIC/HB2*8?.LIT/PC', { key: 'RPQ', subject: { kind: 'partialPlate', pattern: 'HB2*8?', plateType: 'PC' } }],
  ])('%s', (_what, text, value) => {
    const whole = { ...blank, ...value } as Inquiry;
    expect(decode('legacy', bytes(text))).toEqual({ ok: true, value: whole });
    expect(encodeInquiry('legacy', whole)).toBe(text);
  });
});

const answer: Answer = {
  id: '01', inquiryKey: 'DQ', key: 'DR', requester: 'ZX0010100', destinations: ['ZY', 'ZW'], control: 'C7D8', merged: false, demonstration: true,
  clocks: { received: Date.UTC(2026, 2, 18, 14, 7, 3, 120), sent: Date.UTC(2026, 2, 18, 14, 7, 3, 160), receiveNumber: 417, sendNumber: 902 },
  summary: { asked: 2, hit: 1, noHit: 0, refused: 1, held: 0, silent: 0, owners: { hit: ['ZY'], noHit: [], refused: ['ZW'], held: [], silent: [] } },
  answers: [
    {
      owner: 'ZY', status: 'answeredInPart', more: false, policyVersion: 14,
      records: [{
        licenceNumber: { number: 'K2093177', jurisdiction: 'ZY' },
        licenceStatus: { status: 'LIC', licenceClass: 'D', issued: '2021-05-04', expires: '2029-11-03', restrictions: ['B'] },
        name: odalys, birthDate: '1979-11-03', description: { sex: 'F', height: 66, weight: 141, eyes: 'GRN', hair: 'BRO' },
        address: { county: 'Arden', state: 'ZY' },
        photo: { mediaType: 'image/png', bytes: new Uint8Array(100).fill(7) },
      }],
      classes: [
        { dataClass: 'name', outcome: 'release', treatment: null, rules: ['ZY-1'] },
        { dataClass: 'address', outcome: 'redact', treatment: 'county', rules: ['ZY-7', 'ZY-9'] },
      ],
      reasons: ['ZY-7: addresses only to the county'],
      ticket: null, receipt: { log: 'zy', index: 41, entry: 'E1', hash: 'ab', token: 'A'.repeat(70) },
    },
    {
      owner: 'ZW', status: 'refused', records: [], more: false, policyVersion: 3, classes: [{ dataClass: 'name', outcome: 'deny', treatment: null, rules: [] }],
      reasons: ['nothing in the rules of ZW releases this'], ticket: null, receipt: { log: 'zw', index: 7, entry: 'E2', hash: 'cd', token: 'Bc' },
    },
  ],
};

describe('a legacy answer', () => {
  it('is one message for each owner, which an officer can read', () => {
    expect(encodeAnswer('legacy', answer)).toBe([
      'DR.ZYOLN0000', '14:07 03/18/2026 00417', '14:07 03/18/2026 00902 ZX0010100', '*C7D8', 'TXT',
      'DEMONSTRATION - ALL PERSONS AND RECORDS ARE INVENTED',
      'FROM ZY - ANSWERED IN PART',
      'REDUCED ADDRESS TO COUNTY BY RULES ZY-7 ZY-9',
      'REASON ZY-7: ADDRESSES ONLY TO THE COUNTY',
      'RECORD 1 OF 1',
      'OLN/K2093177 OLS/ZY',
      'STA/LIC LICENSED CLS/D ISS/2021-05-04 EXP/2029-11-03',
      'RES/B',
      'NAM/PENHALLOW,ODALYS V',
      'DOB/1979-11-03',
      'SEX/F HGT/506 WGT/141 EYE/GRN HAI/BRO',
      'ADR/ARDEN COUNTY, ZY',
      'IMG/PHOTO image/png 100 BYTES',
      'BwcH'.repeat(19), `${'BwcH'.repeat(14)}Bw==`,
      'IMG/END',
      'RECEIPT ZY 41 E1', 'HASH ab', `SIGNED ${'A'.repeat(64)}`, 'SIGNED AAAAAA',
      '\u0003',
      'ER.NL0000000', '14:07 03/18/2026 00417', '14:07 03/18/2026 00902 ZX0010100', '*C7D8', 'TXT',
      'DEMONSTRATION - ALL PERSONS AND RECORDS ARE INVENTED',
      '.90. FROM ZW - REFUSED BY POLICY',
      'REFUSED NAME BY NO RULE THAT RELEASES IT',
      'REASON NOTHING IN THE RULES OF ZW RELEASES THIS',
      'RECEIPT ZW 7 E2', 'HASH cd', 'SIGNED Bc',
      '\u0003',
      '',
    ].join('\r\n'));
  });

  it('merged is one message of the switch with the summary', () => {
    const text = encodeAnswer('legacy', { ...answer, destinations: ['NL'], merged: true });
    expect(text.match(/\u0003/g)).toHaveLength(1);
    expect(text).toMatch(/^DR\.NL0000000\r\n/);
    expect(text).toContain('SUMMARY ASKED 2 HIT 1 NOT ON FILE 0 REFUSED 1 HELD 0 SILENT 0\r\nOWNERS HIT: ZY\r\nOWNERS REFUSED: ZW');
    expect(decodeAnswer('legacy', text)).toMatchObject({ ok: true, value: [{ owners: [{ owner: 'ZY', status: 'answeredInPart' }, { owner: 'ZW', status: 'refused', number: '.90.' }] }] });
  });
});

describe('an answer in NIEM', () => {
  it('has the header of the network and its group for pictures', () => {
    const text = encodeAnswer('niem', answer);
    expect(text).toContain('<nh2:MessageKeyCodeText>DR</nh2:MessageKeyCodeText><nh2:OriginatingORIID>NL0000000</nh2:OriginatingORIID><nh2:DestinationORIID>ZX0010100</nh2:DestinationORIID><nh2:DocumentControlFieldText>C7D8</nh2:DocumentControlFieldText><nh2:MessageReceiveDate>03/18/2026</nh2:MessageReceiveDate><nh2:MessageReceiveTime>14:07</nh2:MessageReceiveTime>');
    expect(text).toContain('<nh2:ReceiveMessageNumeric>00417</nh2:ReceiveMessageNumeric><nh2:SendMessageNumeric>00902</nh2:SendMessageNumeric>');
    expect(text).toMatch(/<nc:Image><nc:BinaryBase64Object>BwcH/);
  });
});

describe('answers that are broken', () => {
  it.each([['json', '{}'], ['json', '{'], ['json', '[]'], ['niem', '<a/>'], ['niem', ''], ['legacy', ''], ['legacy', 'DR.ZYOLN0000'], ['legacy', 'DR.ZYOLN0000\r\nTXT\r\n']] as const)('%s %s is a fault', (format, text) => {
    expect(decodeAnswer(format, text).ok).toBe(false);
  });
});
