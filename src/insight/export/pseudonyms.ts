import { createCipheriv, randomBytes } from 'node:crypto';

/** Makes pseudonyms of tags, each of 16 hexadecimal digits; null for the tag 0, which is none. */
export interface Pseudonyms {
  /** One for each tag. */
  of(owner: string, kind: 'thing' | 'user' | 'name', tags: BigInt64Array | BigUint64Array): readonly (string | null)[];
}

const blockBytes = 16;

/**
 * Pseudonyms of one export, under a key that is drawn here, is never written anywhere and ends with the process: the same tag has the same pseudonym within the export,
 * and nobody can lead two exports together, or a pseudonym back to its tag. Each is a part of the AES-256 block of kind, owner and tag: a block cipher under a secret key
 * is what maps each block to another without a pattern. Blocks are all different inputs, so that no chaining is wanted; a whole chunk goes through in one call.
 */
export function openPseudonyms(key: Buffer = randomBytes(32)): Pseudonyms {
  const kinds = { thing: 1, user: 2, name: 3 } as const;
  return {
    of(owner, kind, tags) {
      const blocks = Buffer.alloc(tags.length * blockBytes);
      for (const [place, tag] of tags.entries()) {
        blocks.writeBigUInt64BE(BigInt.asUintN(64, tag), place * blockBytes);
        blocks.write(owner.slice(0, 2), place * blockBytes + 8, 'latin1');
        blocks[place * blockBytes + 10] = kinds[kind];
      }
      const cipher = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
      const hidden = Buffer.concat([cipher.update(blocks), cipher.final()]).toString('hex');
      return Array.from(tags, (tag, place) => (tag === 0n ? null : hidden.slice(place * 2 * blockBytes, place * 2 * blockBytes + 16)));
    },
  };
}
