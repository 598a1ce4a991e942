import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { flippedText, signNote, testKey } from './cases.ts';
import type { TestKey } from './cases.ts';
import { fromBase64, fromBase64url, fromHex, parseNumber, toBase64, toBase64url, toHex, utf8 } from './bytes.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { cosignedMessage, formatCosignature, parseCosignature, verifyCosignature } from './cosignature.ts';
import { nodeCrypto } from './nodeCrypto.ts';
import { formatKey, isKeyName, noteTypes, openNote, parseNote, parseVkey, signatureLine } from './note.ts';
import { VerifyError } from './types.ts';

const root = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
const text = `weir.example.org/log/wa\n7\n${root}\n`;
let key: TestKey;
let witness: TestKey;
let other: TestKey;
let note: string;

beforeAll(async () => {
  key = await testKey('weir.example.org/log/wa');
  witness = await testKey('witness.example.net/w1', noteTypes.cosignature);
  other = await testKey('weir.example.org/log/wa');
  note = `${text}\n${signNote(key, text)}${signNote(witness, text)}`;
});

const codeOf = (error: unknown): string => (error instanceof VerifyError ? error.code : `not a VerifyError: ${String(error)}`);
const parsed = (value: string): string => {
  try {
    parseNote(value);
    return 'good';
  } catch (error) {
    return codeOf(error);
  }
};
const opened = async (value: string, keys: readonly TestKey[] = [key, witness]): Promise<string> => await openNote(nodeCrypto, value, keys.map(({ vkey }) => vkey)).then(({ by }) => by.join(' '), codeOf);

describe('a note', () => {
  it('is opened by each key that signed it, whatever other lines it has', async () => {
    expect(await opened(note)).toBe('weir.example.org/log/wa witness.example.net/w1');
    expect(await opened(note, [witness])).toBe('witness.example.net/w1');
    expect(await opened(`${note}${signNote(other, text)}${signatureLine('x.example', Uint8Array.of(1, 2, 3, 4), new Uint8Array(5000))}`, [key])).toBe('weir.example.org/log/wa');
    expect((await openNote(nodeCrypto, note, [witness.vkey])).times).toEqual([1_700_000_000]);
  });

  it('that no known key signed is unsigned; a name alone, or an id alone, is not known', async () => {
    expect(await opened(note, [other])).toBe('unsigned');
    expect(await opened(note, [])).toBe('unsigned');
    const line = signNote(key, text);
    expect(await opened(`${text}\n${line.replace('weir.example.org/log/wa', 'weir.example.org/log/or')}`, [key])).toBe('unsigned');
  });

  it('with a bad signature of a known key is refused, good ones beside it or not', async () => {
    expect(await opened(`${text}\n${signatureLine(key.name, key.keyId, new Uint8Array(64))}`)).toBe('badSignature');
    expect(await opened(`${note}${signatureLine(key.name, key.keyId, new Uint8Array(63))}`)).toBe('badSignature');
    expect(await opened(`${note}${signatureLine(witness.name, witness.keyId, new Uint8Array(71))}`)).toBe('badSignature');
    // A signature of the one type does not pass as one of the other.
    const asWitness = await testKey(key.name, noteTypes.cosignature);
    expect(await opened(`${text}\n${signatureLine(asWitness.name, asWitness.keyId, new Uint8Array(64))}`, [asWitness])).toBe('badSignature');
  });

  it('is refused when any one bit of it is changed', async () => {
    const one = `${text}\n${signNote(key, text)}`;
    const bits = utf8(one).length * 8;
    for (let bit = 0; bit < bits; bit += 1) {
      const changed = flippedText(one, bit);
      // An own line end can become another character, and a name another name: all must be refused, by whatever rule.
      if (changed !== null) expect(['malformed', 'unsigned', 'badSignature'], `bit ${String(bit)}`).toContain(await opened(changed, [key]));
    }
    const cosigned = `${text}\n${signNote(witness, text)}`;
    for (let bit = 0; bit < utf8(cosigned).length * 8; bit += 1) {
      const changed = flippedText(cosigned, bit);
      if (changed !== null) expect(['malformed', 'unsigned', 'badSignature'], `bit ${String(bit)}`).toContain(await opened(changed, [witness]));
    }
  });

  it('is divided at the last empty line', () => {
    const line = signNote(key, text);
    expect(parseNote(`a\n\nb\n\n${line}`).text).toBe('a\n\nb\n');
    expect(parseNote(`a\n\n\n${line}`).text).toBe('a\n\n');
    expect(parseNote(`\n\n${line}`).text).toBe('\n');
  });

  it.each([
    ['nothing', ''], ['no signature', 'a\n\n'], ['no empty line', `a\n\u2014 x AAAAAAA=\n`], ['no end of the last line', 'a\n\n\u2014 x AAAAAAA='], ['CRLF', 'a\r\n\r\n\u2014 x AAAAAAA=\r\n'],
    ['NUL', 'a\0\n\n\u2014 x AAAAAAA=\n'], ['a tab', 'a\t\n\n\u2014 x AAAAAAA=\n'], ['half a surrogate', 'a\ud800\n\n\u2014 x AAAAAAA=\n'], ['a hyphen', 'a\n\n- x AAAAAAA=\n'], ['no name', 'a\n\n\u2014  AAAAAAA=\n'],
    ['a plus in the name', 'a\n\n\u2014 x+y AAAAAAA=\n'], ['a space of Unicode in the name', 'a\n\n\u2014 x\u2003y AAAAAAA=\n'], ['a next line in the name', 'a\n\n\u2014 x\u0085y AAAAAAA=\n'], ['two spaces', 'a\n\n\u2014 x  AAAAAAA=\n'],
    ['no base64', 'a\n\n\u2014 x AAAAAA!=\n'], ['base64 without padding', 'a\n\n\u2014 x AAAAAAA\n'], ['base64 with bits left over', 'a\n\n\u2014 x AAAAAAB=\n'], ['base64url', 'a\n\n\u2014 x __________8=\n'], ['only a key id', 'a\n\n\u2014 x AAAAAA==\n'],
    ['nothing behind the name', 'a\n\n\u2014 x\n'], ['one line too many', `a\n\n${'\u2014 x AAAAAAA=\n'.repeat(101)}`], ['a line without a signature between', 'a\n\n\u2014 x AAAAAAA=\nb\n'],
  ])('with %s is malformed', (_, value) => {
    expect(parsed(value)).toBe('malformed');
  });

  it('may have a hundred signatures, long ones, and any letters', () => {
    expect(parsed(`\u00e8 subito sera \ud83d\ude00\u007f\n\n${'\u2014 \u00fc/\u6c34 AAAAAAA=\n'.repeat(100)}`)).toBe('good');
    expect(parsed(`a\n\n\u2014 x ${toBase64(new Uint8Array(9000))}\n`)).toBe('good');
  });

  it('of megabytes from anybody is refused at once, and any text gives a code', async () => {
    expect(parsed(`a\n\n\u2014 x ${'A'.repeat(8_000_000)}\n`)).toBe('malformed');
    expect(parsed(`a\n\n\u2014 x ${'A'.repeat(900_000)}=`)).toBe('malformed');
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary' }), async (value) => {
      expect(['malformed', 'unsigned']).toContain(await opened(value));
      expect(['malformed', 'unsigned', 'badSignature']).toContain(await opened(`${value}\n\n${signNote(key, text)}`, [key]));
    }), { numRuns: 100 });
  });
});

describe('a key', () => {
  it('is read and written the same', () => {
    expect(formatKey(parseVkey(key.vkey))).toBe(key.vkey);
    expect(parseVkey(witness.vkey)).toEqual({ name: witness.name, keyId: witness.keyId, type: 4, publicKey: witness.publicKey });
  });

  it('has the id of its name and bytes', async () => {
    for (const wrong of [key.vkey.replace('/wa', '/or'), key.vkey.replace(toHex(key.keyId), '00000000'), key.vkey.replace(`+${toBase64(Uint8Array.of(1, ...key.publicKey))}`, `+${toBase64(Uint8Array.of(1, ...other.publicKey))}`)]) {
      expect(await openNote(nodeCrypto, note, [wrong]).then(() => 'good', codeOf)).toBe('malformed');
    }
  });

  it.each(['', 'a', 'a+b', '+00000000+AQ==', 'a+0000000+AQ==', 'a+0000000G+AQ==', 'a+ABCDEF01+AQ==', 'a+00000000+', 'a+00000000+AQ=', 'a b+00000000+AQ==', 'a\n+00000000+AQ==', 'a+00000000+AQ==', `a+00000000+AQ${'A'.repeat(398)}`])('is refused: %s', (vkey) => {
    expect(() => parseVkey(vkey)).toThrow(VerifyError);
  });

  it('has a name without spaces, pluses and control characters', () => {
    expect(['a', 'a/b', '\u00fc', 'a\u007f'].map(isKeyName)).toEqual([true, true, true, true]);
    expect(['', ' ', 'a b', 'a+b', 'a\u00a0b', 'a\u2028b', 'a\u3000b', 'a\0b', 'a\ud800'].map(isKeyName)).toEqual(Array.from({ length: 9 }, () => false));
  });
});

describe('a checkpoint', () => {
  it('is three lines and what the log adds', () => {
    expect(parseCheckpoint(text)).toMatchObject({ origin: 'weir.example.org/log/wa', size: 7, extensions: [] });
    expect(parseCheckpoint(`${text}more\n`).extensions).toEqual(['more']);
    expect(parseCheckpoint(`a b+c\n9007199254740991\n${root}\n`).size).toBe(Number.MAX_SAFE_INTEGER);
  });

  it.each([
    '', '\n', `a\n1\n${root}`, `\n1\n${root}\n`, `a\n01\n${root}\n`, `a\n-1\n${root}\n`, `a\n+1\n${root}\n`, `a\n1e3\n${root}\n`, `a\n0x1\n${root}\n`, `a\n1 \n${root}\n`, `a\n\u0661\n${root}\n`, `a\n\n${root}\n`,
    `a\n9007199254740992\n${root}\n`, `a\n${'9'.repeat(400)}\n${root}\n`, `a\n1\n${root.slice(0, 40)}\n`, `a\n1\n${root}AAAA\n`, `a\n1\n${root.replace('U=', 'V=')}\n`, 'a\n1\n', `a\n1\n${root}\n\n`, `a\n1\n${root}\n\nb\n`, `a\r\n1\r\n${root}\r\n`,
  ])('is refused: %j', (value) => {
    expect(() => parseCheckpoint(value)).toThrow(VerifyError);
  });
});

describe('a cosignature', () => {
  it('is of a time and a text', async () => {
    expect(new TextDecoder().decode(cosignedMessage(5, text))).toBe(`cosignature/v1\ntime 5\n${text}`);
    const line = parseNote(`${text}\n${signNote(witness, text, 2 ** 33 + 5)}`).signatures[0];
    expect(parseCosignature(line?.bytes ?? new Uint8Array())?.time).toBe(2 ** 33 + 5);
    expect(await verifyCosignature(nodeCrypto, witness.publicKey, text, line?.bytes ?? new Uint8Array())).toBe(true);
    expect(await verifyCosignature(nodeCrypto, witness.publicKey, `${text}x\n`, line?.bytes ?? new Uint8Array())).toBe(false);
    expect(await verifyCosignature(nodeCrypto, key.publicKey, text, line?.bytes ?? new Uint8Array())).toBe(false);
  });

  it('has 72 bytes and a time that can be counted', () => {
    expect(parseCosignature(new Uint8Array(71))).toBe(null);
    expect(parseCosignature(new Uint8Array(73))).toBe(null);
    expect(parseCosignature(new Uint8Array(72).fill(255))).toBe(null);
    fc.assert(fc.property(fc.maxSafeNat(), fc.uint8Array({ minLength: 64, maxLength: 64 }), (time, signature) => {
      expect(parseCosignature(formatCosignature({ time, signature }))).toEqual({ time, signature });
    }));
  });
});

describe('writings of bytes and numbers', () => {
  it('are read back, and are those of Node', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => {
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect(toBase64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
      expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
      expect(fromBase64url(toBase64url(bytes))).toEqual(bytes);
      expect(fromHex(toHex(bytes))).toEqual(bytes);
    }));
  });

  it('have one text for each value: any other text is refused', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('A', 'B', 'a', 'b', '0', '1', '+', '/', '-', '_', '=', ' ', '\n', '\u00e9', '\ud83d') }), (value) => {
      for (const [read, write] of [[fromBase64, toBase64], [fromBase64url, toBase64url]] as const) {
        const bytes = read(value);
        if (bytes !== null) expect(write(bytes)).toBe(value);
      }
    }), { numRuns: 1000 });
    for (const wrong of ['A', 'AA', 'AAA', 'AA=A', '=AAA', 'A===', '====', 'AB==', 'AAB=', 'AAAA=', 'AAAA====']) expect(fromBase64(wrong), wrong).toBe(null);
    for (const wrong of ['A', 'AB', 'AAB', 'AA==', 'A+A/']) expect(fromBase64url(wrong), wrong).toBe(null);
    for (const wrong of ['0', 'A0', '0g', '0x', '\u0660\u0660']) expect(fromHex(wrong), wrong).toBe(null);
    expect(fromHex('00', 2)).toBe(null);
    for (const wrong of ['', '00', '01', '-0', '1.0', '1e1', ' 1', '1\n', '9007199254740992', '99999999999999999']) expect(parseNumber(wrong), wrong).toBe(null);
    expect(parseNumber('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
  });
});
