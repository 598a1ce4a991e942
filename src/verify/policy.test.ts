import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { flippedText, naivePath, naiveRoot, randomEntries, signNote, testKey, testLog } from './cases.ts';
import type { TestKey } from './cases.ts';
import { toBase64, utf8 } from './bytes.ts';
import { formatCheckpoint } from './checkpoint.ts';
import { nodeCrypto } from './nodeCrypto.ts';
import { noteTypes } from './note.ts';
import { hasQuorum, judge, parsePolicy, receiptsKey } from './policy.ts';
import { formatProof, parseProof, verifyProof } from './proof.ts';
import { VerifyError } from './types.ts';

const origin = 'weir.example.org/log/wa';
let log: TestKey;
let w: readonly TestKey[];

beforeAll(async () => {
  log = await testKey(origin);
  w = await Promise.all([1, 2, 3, 4, 5].map(async (n) => await testKey(`w${String(n)}.example.net`, noteTypes.cosignature)));
});

const codeOf = (error: unknown): string => (error instanceof VerifyError ? error.code : `not a VerifyError: ${String(error)}`);
const vkey = (n: number): string => w[n]?.vkey ?? '';
const base = (): string => `log ${log.vkey} https://log.example.org/\nwitness A ${vkey(0)}\nwitness B ${vkey(1)} https://w.example.net/\nwitness C ${vkey(2)}\n`;

describe('a trust policy', () => {
  it('has logs, witnesses, groups and a quorum; comments, blank lines and spaces are nothing', () => {
    const policy = parsePolicy(`# who we trust\n\n  \t\n${base()}\tgroup G  2\tA B C \n  # indented\nquorum G`);
    expect(policy.logs).toMatchObject([{ key: { name: origin }, url: 'https://log.example.org/' }]);
    expect(policy.witnesses.map(({ name, url }) => [name, url])).toEqual([['A', null], ['B', 'https://w.example.net/'], ['C', null]]);
    expect(policy.groups).toEqual([{ name: 'G', threshold: 2, members: ['A', 'B', 'C'] }]);
    expect(policy.quorum).toBe('G');
    expect(parsePolicy('quorum none\n')).toEqual({ logs: [], witnesses: [], groups: [], quorum: null });
    expect(parsePolicy(`witness \u6c34 ${vkey(0)}\nquorum \u6c34\n`).quorum).toBe('\u6c34');
  });

  it.each<[string, () => string, string | null]>([
    ['no quorum', base, null], ['nothing', () => '', null],
    ['two quorums', () => 'quorum none\nquorum none\n', 'line 2'], ['a quorum of two names', () => `${base()}quorum A B\n`, 'line 5'], ['a quorum that is defined later', () => `quorum A\n${base()}`, 'line 1'],
    ['an unknown word', () => 'quorum none\nfriend A\n', 'line 2'], ['a word in capitals', () => 'Quorum none\n', 'line 1'], ['CRLF', () => 'quorum none\r\n', 'line 1'], ['NUL', () => '# \0\nquorum none\n', 'line 1'], ['DEL', () => 'quorum none\u007f\n', 'line 1'],
    ['the same log twice', () => `${base()}log ${log.vkey}\nquorum none\n`, 'line 5'], ['the same witness by another name', () => `${base()}witness D ${vkey(0)}\nquorum none\n`, 'line 5'], ['a name twice', () => `${base()}witness A ${vkey(3)}\nquorum none\n`, 'line 5'],
    ['a group with the name of a witness', () => `${base()}group A any B\nquorum A\n`, 'line 5'], ['a witness named none', () => `witness none ${vkey(0)}\nquorum none\n`, 'line 1'], ['a group named none', () => `${base()}group none any A\nquorum none\n`, 'line 5'],
    ['none as a member', () => `${base()}group G any none\nquorum G\n`, 'line 5'], ['a member that is defined later', () => `group G any A\n${base()}quorum G\n`, 'line 1'], ['a group in itself', () => `${base()}group G any G A\nquorum G\n`, 'line 5'],
    ['a member twice in a group', () => `${base()}group G 1 A A\nquorum G\n`, 'line 5'], ['a member of two groups', () => `${base()}group G any A\ngroup H any A\nquorum H\n`, 'line 6'], ['a group of nobody', () => `${base()}group G any\nquorum G\n`, 'line 5'],
    ['more than all', () => `${base()}group G 4 A B C\nquorum G\n`, 'line 5'], ['0 of them', () => `${base()}group G 0 A B\nquorum G\n`, 'line 5'], ['a number with a zero before it', () => `${base()}group G 01 A B\nquorum G\n`, 'line 5'], ['a number of hexadecimal', () => `${base()}group G 0x1 A B\nquorum G\n`, 'line 5'],
    ['a log with the key of a witness', () => `log ${vkey(0)}\nquorum none\n`, 'line 1'], ['a witness with the key of a log', () => `witness A ${log.vkey}\nquorum none\n`, 'line 1'], ['a key that is none', () => 'log abc\nquorum none\n', 'line 1'], ['a log without a key', () => 'log\nquorum none\n', 'line 1'],
    ['a log of too many words', () => `log ${log.vkey} a b\nquorum none\n`, 'line 1'], ['a space that is not ASCII', () => `quorum\u00a0none\n`, 'line 1'], ['more than a megabyte', () => `#${'x'.repeat(1_000_001)}\nquorum none\n`, null],
  ])('with %s is refused, and the line named', (_, text, at) => {
    expect(() => parsePolicy(text())).toThrow(VerifyError);
    try {
      parsePolicy(text());
    } catch (error) {
      expect(error).toMatchObject({ code: 'malformed', at });
    }
  });

  it('counts a quorum as the definition says', () => {
    const policy = parsePolicy(`${base()}witness D ${vkey(3)}\nwitness E ${vkey(4)}\ngroup G 2 A B C\ngroup H any D E\ngroup all-of-them all G H\nquorum all-of-them\n`);
    fc.assert(fc.property(fc.subarray(['A', 'B', 'C', 'D', 'E', 'G', 'H', 'all-of-them', 'none']), (names) => {
      const by = names.filter((name) => name.length === 1 && !'GH'.includes(name));
      const has = (name: string): boolean => by.includes(name);
      expect(hasQuorum(policy, by)).toBe(['A', 'B', 'C'].filter(has).length >= 2 && (has('D') || has('E')));
    }));
    expect(hasQuorum(parsePolicy(`${base()}quorum B\n`), ['A', 'C'])).toBe(false);
    expect(hasQuorum(parsePolicy(`${base()}quorum B\n`), ['B'])).toBe(true);
    expect(hasQuorum(parsePolicy(`${base()}quorum none\n`), [])).toBe(true);
  });

  it('may have groups in groups in groups, twenty thousand deep', () => {
    const groups = Array.from({ length: 20_000 }, (_, i) => `group g${String(i)} any ${i === 0 ? 'A' : `g${String(i - 1)}`}\n`).join('');
    const policy = parsePolicy(`${base()}${groups}quorum g19999\n`);
    expect(hasQuorum(policy, ['A'])).toBe(true);
    expect(hasQuorum(policy, ['B'])).toBe(false);
  });

  it('has the key of receipts among its logs', async () => {
    const receipts = await testKey('weir.example.org/receipts');
    const policy = parsePolicy(`${base()}log ${receipts.vkey}\nquorum none\n`);
    expect(receiptsKey(policy, 'weir.example.org')?.name).toBe('weir.example.org/receipts');
    expect(receiptsKey(policy, 'other.example.org')).toBe(null);
  });
});

describe('the judgement of a checkpoint', () => {
  const text = formatCheckpoint({ origin, size: 3, root: new Uint8Array(32) });
  const code = async (policy: string, note: string): Promise<unknown> => await judge(nodeCrypto, parsePolicy(policy), note).then(({ by, quorum }) => ({ by, quorum }), codeOf);

  it('names who cosigned, and whether these are enough', async () => {
    const [a, b] = w;
    const note = `${text}\n${signNote(log, text)}${[a, b].map((key) => (key === undefined ? '' : signNote(key, text))).join('')}`;
    expect(await code(`${base()}group G 2 A B C\nquorum G\n`, note)).toEqual({ by: ['A', 'B'], quorum: true });
    expect(await code(`${base()}group G all A B C\nquorum G\n`, note)).toEqual({ by: ['A', 'B'], quorum: false });
    expect(await code(`${base()}quorum none\n`, `${text}\n${signNote(log, text)}`)).toEqual({ by: [], quorum: true });
  });

  it('counts no witness twice, and a witness not for the log', async () => {
    const [a] = w;
    if (a === undefined) throw new Error();
    const twice = `${text}\n${signNote(log, text)}${signNote(a, text, 5)}${signNote(a, text, 9)}`;
    expect(await code(`${base()}group G 2 A B C\nquorum G\n`, twice)).toEqual({ by: ['A'], quorum: false });
    expect(await judge(nodeCrypto, parsePolicy(`${base()}quorum A\n`), twice)).toMatchObject({ times: [9] });
    expect(await code(`${base()}quorum A\n`, `${text}\n${signNote(a, text)}`)).toBe('unsigned');
  });

  it('wants the key of this log, and good signatures of all that it knows', async () => {
    const elsewhere = formatCheckpoint({ origin: 'weir.example.org/log/or', size: 3, root: new Uint8Array(32) });
    // The key of one log says nothing about another.
    expect(await code(`${base()}quorum none\n`, `${elsewhere}\n${signNote(log, elsewhere)}`)).toBe('unsigned');
    const [a, b] = w;
    if (a === undefined || b === undefined) throw new Error();
    const later = formatCheckpoint({ origin, size: 4, root: new Uint8Array(32) });
    expect(await code(`${base()}quorum none\n`, `${text}\n${signNote(log, text)}${signNote(a, later)}`)).toBe('badSignature');
    expect(await code(`${base()}quorum none\n`, `${text}\n${signNote(log, later)}`)).toBe('badSignature');
    expect(await code('quorum none\n', `${text}\n${signNote(log, text)}`)).toBe('unsigned');
    expect(await code(`${base()}quorum none\n`, 'x')).toBe('malformed');
    expect(await code(`${base()}quorum none\n`, `a\n\n${signNote(log, 'a\n')}`)).toBe('malformed');
  });
});

describe('a proof of one entry', () => {
  const entries = randomEntries(11);
  const make = (index: number, extra?: Uint8Array): string => {
    const { note } = testLog(entries, origin, [log]);
    return formatProof({ index, hashes: naivePath(index, entries), checkpoint: note, ...(extra === undefined ? {} : { extra }) });
  };
  const verified = async (proof: string, entry: Uint8Array | undefined, quorum = 'quorum none\n'): Promise<string> =>
    await verifyProof(nodeCrypto, parsePolicy(`${base()}${quorum}`), proof, entry ?? new Uint8Array()).then(({ index, size }) => `${String(index)} of ${String(size)}`, codeOf);

  it('holds for its entry alone', async () => {
    for (const index of entries.keys()) {
      expect(await verified(make(index), entries[index])).toBe(`${String(index)} of 11`);
      expect(await verified(make(index), entries[(index + 1) % 11])).toBe('notIncluded');
    }
    expect(await verified(make(3, utf8('extra')), entries[3])).toBe('3 of 11');
    expect(await verified(make(3), entries[3], 'quorum A\n')).toBe('noQuorum');
    expect(await verified(make(3), entries[4], 'quorum A\n')).toBe('notIncluded');
  });

  it('is refused when any one bit of it is changed', async () => {
    const proof = make(6);
    for (let bit = 0; bit < utf8(proof).length * 8; bit += 1) {
      const changed = flippedText(proof, bit);
      if (changed !== null) expect(['malformed', 'unsigned', 'badSignature', 'notIncluded'], `bit ${String(bit)}`).toContain(await verified(changed, entries[6]));
    }
  });

  it('is read and written the same', () => {
    fc.assert(fc.property(fc.maxSafeNat(), fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 63 }), fc.option(fc.uint8Array(), { nil: undefined }), (index, hashes, extra) => {
      const proof = { index, hashes, checkpoint: 'a\n\nb\n', ...(extra === undefined ? {} : { extra }) };
      expect(parseProof(formatProof(proof))).toEqual(proof);
    }));
  });

  const hash = toBase64(naiveRoot([]));
  it.each([
    '', 'c2sp.org/tlog-proof@v1', 'c2sp.org/tlog-proof@v1\n\n', 'c2sp.org/tlog-proof@v2\nindex 0\n\nx', 'c2sp.org/tlog-proof@v1\r\nindex 0\r\n\r\nx', 'c2sp.org/tlog-proof@v1\nindex 00\n\nx', 'c2sp.org/tlog-proof@v1\nindex -1\n\nx',
    'c2sp.org/tlog-proof@v1\nindex 9007199254740992\n\nx', 'c2sp.org/tlog-proof@v1\nindex  0\n\nx', 'c2sp.org/tlog-proof@v1\nindex 0\nextra AA==\n\nx', 'c2sp.org/tlog-proof@v1\nextra AB==\nindex 0\n\nx', 'c2sp.org/tlog-proof@v1\nextra AA==\nextra AA==\nindex 0\n\nx',
    `c2sp.org/tlog-proof@v1\nindex 0\n${hash}AAAA\n\nx`, `c2sp.org/tlog-proof@v1\nindex 0\n${hash.slice(0, 40)}\n\nx`, `c2sp.org/tlog-proof@v1\nindex 0\n${`${hash}\n`.repeat(64)}\nx`, `c2sp.org/tlog-proof@v1\nindex 0\n${hash} \n\nx`,
  ])('is malformed: %j', (text) => {
    expect(() => parseProof(text)).toThrow(VerifyError);
  });
});
