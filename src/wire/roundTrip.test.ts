import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inquiryKeys } from '../vocabulary/index.ts';
import type { WireFormat } from '../model/index.ts';
import { anyTexts, answersWith, directoryAnswersWith, directoryInquiries, faultsWith, inquiriesOf, plainTexts, xmlTexts } from './cases.ts';
import { decode, decodeAnswer, defaultWireSettings, encodeAnswer, encodeDirectory, encodeFault, encodeInquiry } from './index.ts';

const formats: readonly WireFormat[] = ['legacy', 'niem', 'json'];
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const runs = { numRuns: 200 };

describe('an inquiry', () => {
  for (const key of inquiryKeys) {
    it(`${key} comes back the same from every format`, () => {
      fc.assert(fc.property(inquiriesOf(key, { complete: true, extended: false }), (inquiry) => {
        for (const format of formats) expect(decode(format, bytes(encodeInquiry(format, inquiry)))).toEqual({ ok: true, value: inquiry });
      }), runs);
    });

    it(`${key} comes back the same with the extension from JSON and NIEM`, () => {
      fc.assert(fc.property(inquiriesOf(key, { complete: true, extended: true }), (inquiry) => {
        for (const format of ['niem', 'json'] as const) expect(decode(format, bytes(encodeInquiry(format, inquiry)))).toEqual({ ok: true, value: inquiry });
      }), runs);
    });

    it(`${key} may leave out year, type and sex in JSON`, () => {
      fc.assert(fc.property(inquiriesOf(key, { complete: false, extended: true }), (inquiry) => {
        expect(decode('json', bytes(encodeInquiry('json', inquiry)))).toEqual({ ok: true, value: inquiry });
      }), runs);
    });
  }

  it('TQ comes back the same from every format', () => {
    fc.assert(fc.property(directoryInquiries, (inquiry) => {
      for (const format of formats) expect(decode(format, bytes(encodeInquiry(format, inquiry)))).toEqual({ ok: true, value: inquiry });
    }), runs);
  });

  it('comes back the same where other wildcards and element names are set', () => {
    const settings = {
      ...defaultWireSettings, wildcards: { any: '-', one: '*' },
      niem: { ...defaultWireSettings.niem, imageElement: 'n2:PictureWanted', olnPath: ['nc:Licence', 'nc:Number'] as const, sexElement: 'nc:PersonSexText' },
    };
    for (const key of ['RPQ', 'DQ', 'KQ'] as const) {
      fc.assert(fc.property(inquiriesOf(key, { complete: true, extended: false }), (inquiry) => {
        for (const format of formats) expect(decode(format, bytes(encodeInquiry(format, inquiry, settings)), settings)).toEqual({ ok: true, value: inquiry });
      }), { numRuns: 50 });
    }
  });

  it('is read the same with control characters anywhere in legacy text', () => {
    fc.assert(fc.property(inquiriesOf('DQ', { complete: true, extended: false }), fc.array(fc.tuple(fc.nat(), fc.constantFrom('\r', '\n', '\u007f', '\u0000', '\u0085')), { maxLength: 20 }), (inquiry, strays) => {
      let text = encodeInquiry('legacy', inquiry);
      for (const [at, stray] of strays) text = text.slice(0, at % (text.length + 1)) + stray + text.slice(at % (text.length + 1));
      expect(decode('legacy', bytes(text))).toEqual({ ok: true, value: inquiry });
    }), runs);
  });
});

describe('an answer', () => {
  it('comes back whole from JSON', () => {
    fc.assert(fc.property(answersWith(anyTexts), (answer) => {
      expect(decodeAnswer('json', encodeAnswer('json', answer))).toEqual({ ok: true, kind: 'answer', value: answer });
    }), { numRuns: 100 });
  });

  it('comes back whole from NIEM, whatever codes the peer knows', () => {
    fc.assert(fc.property(answersWith(xmlTexts), fc.constantFrom('weir' as const, 'published' as const), (answer, codes) => {
      expect(decodeAnswer('niem', encodeAnswer('niem', answer, defaultWireSettings, { codes }))).toEqual({ ok: true, kind: 'answer', value: answer });
    }), { numRuns: 100 });
  });

  it('comes back from legacy text as far as its lines say', () => {
    fc.assert(fc.property(answersWith(plainTexts), fc.constantFrom('weir' as const, 'published' as const), (answer, codes) => {
      const read = decodeAnswer('legacy', encodeAnswer('legacy', answer, defaultWireSettings, { codes }));
      if (answer.answers.length === 0 && !answer.merged) return;
      if (!read.ok || read.kind !== 'messages') throw new Error('not read');
      expect(read.value).toHaveLength(answer.merged ? 1 : answer.answers.length);
      for (const message of read.value) {
        expect(message).toMatchObject({
          destination: answer.requester, control: answer.control, demonstration: answer.demonstration,
          receiveNumber: String(answer.clocks.receiveNumber).padStart(5, '0'), sendNumber: String(answer.clocks.sendNumber).padStart(5, '0'),
        });
        expect(message.summary).toEqual(answer.merged ? (({ owners: _, ...counts }) => counts)(answer.summary) : null);
      }
      expect(read.value.flatMap((message) => message.owners).map(({ lines: _lines, number: _number, pictures, ...owner }) => ({ ...owner, pictures: pictures.map((one) => one.bytes) }))).toEqual(
        answer.answers.map(({ owner, status, classes, reasons, ticket, receipt, records }) => ({
          owner, status, ticket, reasons,
          classes: classes.filter(({ outcome }) => outcome !== 'release'),
          receipt,
          pictures: records.flatMap(({ photo, signature }) => [photo, signature].flatMap((one) => (one === undefined ? [] : [one.bytes]))),
        })),
      );
    }), { numRuns: 100 });
  });

  it('of the directory comes back', () => {
    fc.assert(fc.property(directoryAnswersWith(plainTexts), (answer) => {
      for (const format of ['niem', 'json'] as const) {
        expect(decodeAnswer(format, encodeDirectory(format, answer))).toEqual({ ok: true, kind: 'directory', value: answer });
      }
      const read = decodeAnswer('legacy', encodeDirectory('legacy', answer));
      expect(read).toMatchObject({ ok: true, value: [{ key: 'TR', entries: answer.entries, control: answer.control, demonstration: answer.demonstration }] });
    }), { numRuns: 100 });
  });

  it('that is a fault comes back', () => {
    fc.assert(fc.property(faultsWith(plainTexts, 'niem'), fc.constantFrom('weir' as const, 'published' as const), (answer, codes) => {
      expect(decodeAnswer('niem', encodeFault('niem', answer, defaultWireSettings, { codes }))).toEqual({ ok: true, kind: 'fault', value: answer });
      expect(decodeAnswer('json', encodeFault('json', { ...answer, format: 'json' }, defaultWireSettings, { codes }))).toEqual({ ok: true, kind: 'fault', value: { ...answer, format: 'json' } });
      const read = decodeAnswer('legacy', encodeFault('legacy', { ...answer, format: 'legacy' }, defaultWireSettings, { codes }));
      expect(read).toMatchObject({ ok: true, value: [{ sender: 'NL0000000', destination: answer.requester, control: answer.control, echo: answer.fault.echo }] });
    }), { numRuns: 100 });
  });
});
