import { describe, expect, it } from 'vitest';
import { contentTypeOf, formatOf, formatOfType, typeOfFormat } from './index.ts';

describe('the media type', () => {
  it.each([
    ['text/plain', 'legacy'], ['text/plain; charset=UTF-8', 'legacy'], ['application/vnd.weir.nlets-text', 'legacy'], ['APPLICATION/XML', 'niem'],
    ['text/xml;charset="utf-8"', 'niem'], ['application/niem+xml', 'niem'], ['application/json', 'json'], ['application/json; charset=utf-16', null],
    ['image/png', null], ['', null], [undefined, null], ['__proto__', null], ['application/jsonp', null], ['text/plain, application/json', null],
  ] as const)('%s is %s', (type, format) => {
    expect(formatOf(type)).toBe(format);
  });

  it.each([
    'application/json;charset=utf-8', 'application/json ; Charset=Utf8', 'application/json; charset="US-ASCII"', 'application/json;', 'application/json; ;', 'application/json; charset = utf-8',
    'application/json; charset=utf-8; charset=utf-8', 'application/json; profile="x;charset=utf-16"', 'application/json; profile="say \\"; charset=utf-16"', 'application/json; xcharset=utf-16', 'application/json; note=charset',
  ])('%s is JSON in UTF-8', (type) => {
    expect(formatOf(type)).toBe('json');
  });

  it.each([
    'iso-8859-1', 'utf-7', 'utf-16', 'utf-8-sig', 'utf', 'ascii', '', '"utf-8', 'utf-8"', '\'utf-8\'', '""utf-8""', '"utf-16"', 'utf-8=x', '=utf-8', 'utf-8,utf-16', 'utf-8 utf-16', '"utf-8" x', 'utf-8; charset=utf-16', 'utf-16; charset=utf-8',
    '"utf-8;x"', 'utf\u00ad-8',
  ])('a charset of `%s` is not read', (charset) => {
    for (const type of formatOfType.keys()) expect([formatOf(`${type}; charset=${charset}`), formatOf(`${type};a=b;CHARSET=${charset}`)]).toEqual([null, null]);
    expect(formatOf(`text/plain; charset =${charset}`)).toBeNull();
  });

  it('without a charset after its name is not read, nor one behind what is open or long', () => {
    for (const type of ['text/plain; charset', 'text/plain; charset;', `text/plain; a="${'b'.repeat(256)}"`, `text/plain${' '.repeat(300)}`]) expect(formatOf(type)).toBeNull();
  });

  it('is found in no time, whatever is written', () => {
    for (const piece of ['"', ';', '\\', '=', '";', '"\\', 'charset=', ' ']) expect([null, 'json']).toContain(formatOf(`application/json;${piece.repeat(240)}`.slice(0, 256)));
  });

  it('of an answer is one that is read, in UTF-8', () => {
    for (const format of ['legacy', 'niem', 'json'] as const) expect([formatOf(contentTypeOf(format)), formatOf(typeOfFormat[format]), contentTypeOf(format)]).toEqual([format, format, `${typeOfFormat[format]}; charset=utf-8`]);
  });
});
