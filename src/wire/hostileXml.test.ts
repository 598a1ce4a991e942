import { XmlDocument, diag } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import { decode, defaultWireSettings, encodeInquiry } from './index.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const good = encodeInquiry('niem', {
  key: 'DQ', requester: 'ZX0010100', destinations: ['ZY'], control: 'A1', image: null, reason: null, legacyPurpose: null, attention: null,
  subject: { kind: 'person', name: { surname: 'MARROWBY', given: 'TESSA', middle: 'Q' }, birthDate: '1984-02-29', sex: 'F' },
  extension: { purpose: null, warrant: null, caseNumber: null, user: 'a', onBehalfOf: null, wants: null },
});
const body = good.slice(good.indexOf('?>') + 2);

function codeOf(text: string): string {
  const read = decode('niem', bytes(text));
  return read.ok ? 'none' : read.fault.code;
}

describe('hostile XML is refused', () => {
  it('but for the message that the others are made from', () => {
    expect(codeOf(good)).toBe('none');
  });
  it.each<[string, string, string]>([
    ['with a document type', `<!DOCTYPE a>${body}`, 'malformed'],
    ['with an entity of its own', `<!DOCTYPE a [<!ENTITY b "Q1">]>${body.replace('MARROWBY<', '&b;<')}`, 'malformed'],
    ['with an entity that reads a file', `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>${body.replace('MARROWBY<', '&b;<')}`, 'malformed'],
    ['with entities that multiply', `<!DOCTYPE a [<!ENTITY b "xx">${Array.from({ length: 20 }, (_, i) => `<!ENTITY b${i} "&b;&b;">`).join('')}]>${body}`, 'malformed'],
    ['with a document type inside a comment', body.replace('<n2:Person>', '<n2:Person><!-- <!DOCTYPE a> -->'), 'malformed'],
    ['with an entity that nobody declared', body.replace('MARROWBY<', '&nbsp;<'), 'malformed'],
    ['with a processing instruction', body.replace('<n2:Person>', '<?php x?><n2:Person>'), 'malformed'],
    ['with a stylesheet', `<?xml-stylesheet href="a"?>${body}`, 'malformed'],
    ['in XML 1.1', `<?xml version="1.1"?>${body}`, 'malformed'],
    ['in another encoding', `<?xml version="1.0" encoding="UTF-16"?>${body}`, 'malformed'],
    ['in UTF-7', `<?xml version="1.0" encoding="UTF-7"?>${body}`, 'malformed'],
    ['with a NUL', body.replace('MARROWBY<', 'M\u0000<'), 'malformed'],
    ['with a character that XML has not', body.replace('MARROWBY<', '&#1;<'), 'malformed'],
    ['nested too deeply', body.replace('<n2:Person>', `<n2:Person>${'<a>'.repeat(100)}${'</a>'.repeat(100)}`), 'tooLarge'],
    ['nested without end', '<a>'.repeat(20_000), 'malformed'],
    ['with too many elements', body.replace('<n2:Person>', `<n2:Person>${'<a/>'.repeat(5000)}`), 'tooLarge'],
    ['with too many attributes', body.replace('<n2:Person>', `<n2:Person ${Array.from({ length: 3000 }, (_, i) => `a${i}=""`).join(' ')}>`), 'tooLarge'],
    ['with a huge attribute', body.replace('<n2:Person>', `<n2:Person a="${'x'.repeat(60_000)}">`), 'malformed'],
    ['with very many namespaces', body.replace('<n2:Person>', `<n2:Person ${Array.from({ length: 3000 }, (_, i) => `xmlns:a${i}="u"`).join(' ')} b="">`), 'malformed'],
    ['with very many undeclared prefixes', body.replace('<n2:Person>', `<n2:Person>${'<q:a/>'.repeat(9000)}`), 'malformed'],
    ['over its size', body.replace('<n2:Person>', `<n2:Person>${' '.repeat(70_000)}`), 'tooLarge'],
    ['with a prefix bound to another namespace', body.replace('http://niem.gov/niem/niem-core/2.0', 'urn:other'), 'malformed'],
    ['with the default namespace changed inside', body.replace('<n2:Person>', '<n2:Person xmlns:n2="urn:other">'), 'malformed'],
    ['with an unknown element', body.replace('<n2:Person>', '<n2:Person><nc:Other/>'), 'malformed'],
    ['with an unknown attribute', body.replace('<n2:Person>', '<n2:Person negated="true">'), 'malformed'],
    ['with text between elements', body.replace('<n2:Person>', '<n2:Person>not '), 'malformed'],
    ['with an element in a text', body.replace('MARROWBY<', 'MARROWBY<b/><'), 'malformed'],
    ['with a subject twice', body.replace('<n2:Person>', '<n2:Person/><n2:Person>'), 'malformed'],
    ['with two subjects', body.replace('<n2:Person>', '<n2c:Driver/><n2:Person>'), 'badCombination'],
    ['with two senders', body.replace('<nh2:OriginatingORIID>', '<nh2:OriginatingORIID>ZW0010100</nh2:OriginatingORIID><nh2:OriginatingORIID>'), 'malformed'],
    ['where the full name is another', body.replace('MARROWBY,TESSA Q', 'MARROWBY,TOM'), 'badValue'],
    ['without inquiry data', body.replaceAll('NLETSInquiryData', 'NLETSMailData'), 'noText'],
    ['without a header', body.replace(/<n2:NLETSMessageHeader>.*<\/n2:NLETSMessageHeader>/s, ''), 'badHeader'],
    ['with another root', '<a/>', 'malformed'],
    ['that is empty', '', 'malformed'],
    ['that is no XML', 'DQ.ZX0010100.ZY.TXT', 'malformed'],
  ])('%s', (_why, text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it('in UTF-16, where a document type could hide', () => {
    const wide = Uint8Array.from(Buffer.from(`\ufeff<!DOCTYPE a>${body}`, 'utf16le'));
    expect(decode('niem', wide).ok).toBe(false);
    expect(decode('niem', wide.subarray(2)).ok).toBe(false);
  });

  it('and no memory of libxml2 is left behind, whatever came in', () => {
    diag.configure({ enabled: true });
    try {
      for (const text of [good, `<!DOCTYPE a>${body}`, body.replace('MARROWBY<', '&x;<'), body.replace('<n2:Person>', '<n2:Person><nc:Other/>'), '<a>'.repeat(300), '<q:a/>']) codeOf(text);
      expect(diag.report()).toEqual({});
      // That the report would say so:
      const document = XmlDocument.fromString('<a/>');
      expect(diag.report()).not.toEqual({});
      document.dispose();
    } finally {
      diag.configure({ enabled: false });
    }
  });
});

describe('unusual XML is read', () => {
  it.each<[string, string]>([
    ['with other prefixes', body.replaceAll('n2:', 'x:').replace('xmlns:n2=', 'xmlns:x=')],
    ['with a byte order mark', `\ufeff${good}`],
    ['with comments, CDATA, references and white space', body.replace('<n2:Person>', '<!-- a --><n2:Person>\n ').replace('>A1<', '><![CDATA[A1]]><').replace('>MARROWBY<', '> &#77;ARROWBY\r\n<')],
    ['with the clocks of a switch', body.replace('</n2:NLETSMessageHeader>', '<nh2:MessageReceiveDate>03/18/2026</nh2:MessageReceiveDate></n2:NLETSMessageHeader>')],
    ['in the namespaces of NIEM 3', body.replace('http://niem.gov/niem/niem-core/2.0', 'http://release.niem.gov/niem/niem-core/3.0/')],
    ['with the full name alone', body.replace(/<nc:PersonGivenName>.*<\/nc:PersonSurName>/s, '')],
    ['with the parts of the name alone', body.replace(/<nc:PersonFullName>.*<\/nc:PersonFullName>/s, '')],
    ['with a schema hint', body.replace('<n2:NLETS ', '<n2:NLETS xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b" ')],
  ])('%s', (_how, text) => {
    expect(text).not.toBe(good);
    expect(decode('niem', bytes(text))).toEqual(decode('niem', bytes(good)));
  });

  it('as the reference shows it, with another name for the image', () => {
    const settings = { ...defaultWireSettings, niem: { ...defaultWireSettings.niem, imageElement: 'n2:PictureWanted' } };
    const text = body.replace('<n2:Person>', '<n2:PictureWanted>Y</n2:PictureWanted><n2:Person>');
    expect(decode('niem', bytes(text), settings)).toMatchObject({ ok: true, value: { image: true } });
    expect(decode('niem', bytes(text)).ok).toBe(false);
  });
});
