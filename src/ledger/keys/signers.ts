import { sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { ReceiptSigner } from '../receipts.ts';
import type { NoteSigner } from '../types.ts';
import { exchangeOwner, type KeyCustodian } from './custodian.ts';
import { keyIdOf, newSigningKey, publicBytes, readSigningKey } from './ed25519.ts';
import { makeSecretFolder, readOrMake, readSecret, replaceSecret, takePlace } from './files.ts';
import { readWrapped, wrappedText } from './ownerKeys.ts';

/**
 * The keys that sign. Those of logs sign once a second and stay with the custodian. The one of receipts signs for every batch, so it must be in this
 * process: where the custodian keeps no files it is kept wrapped, in the same `logs/receipts.key`, and unwrapped at start.
 */
export interface Signers {
  /** `noteName` is what stands in the note: `PREFIX/log/NAME`, or `PREFIX/receipts`. Throws `KEY_NAME`, `KEY_FILE`, `KEY_CUSTODIAN`. */
  signer(name: string, noteName: string): Promise<NoteSigner>;
  receiptSigner(noteName: string): Promise<ReceiptSigner>;
  /** As `KeyCustodian` has them, and for receipts too. */
  nextSigner(name: string): Promise<Buffer>;
  takeSigner(name: string): Promise<void>;
}

const receipts = 'receipts';
const receiptContext = 'weir-receipts-key/v1';

export function openSigners(folder: string, custodian: KeyCustodian): Signers {
  /** Where the custodian derives, it keeps files itself, and the key of receipts is one of them. */
  const inFiles = custodian.derive !== undefined;
  const path = `${folder}/logs/${receipts}.key`;
  const read = async (from: string): Promise<KeyObject> => {
    await makeSecretFolder(`${folder}/logs`);
    const text = await readOrMake(from, async () => (inFiles ? newSigningKey() : wrappedText(await custodian.wrap(exchangeOwner, receiptContext, Buffer.from(newSigningKey())))));
    return readSigningKey(inFiles ? text : (await custodian.unwrap(exchangeOwner, receiptContext, readWrapped(text, from))).toString('latin1'), from);
  };
  const receiptSigner = async (noteName: string): Promise<ReceiptSigner> => {
    const key = await read(path);
    const publicKey = publicBytes(key);
    return { name: noteName, publicKey, keyId: keyIdOf(noteName, publicKey), sign: (message) => sign(null, message, key) };
  };
  return {
    receiptSigner,
    signer: async (name, noteName) => {
      if (name === receipts) {
        const own = await receiptSigner(noteName);
        return { ...own, sign: (message) => Promise.resolve(own.sign(message)) };
      }
      return { name: noteName, publicKey: await custodian.publicKey(name), sign: (message) => custodian.sign(name, message) };
    },
    nextSigner: async (name) => (name === receipts ? publicBytes(await read(`${path}.next`)) : custodian.nextSigner(name)),
    takeSigner: async (name) => {
      if (name !== receipts || inFiles) return custodian.takeSigner(name);
      if ((await readSecret(`${path}.next`)) !== null) await takePlace(`${path}.next`, path);
    },
  };
}

/** Wraps the key of receipts under the exchange's new master. */
export async function rewrapReceipts(folder: string, custodian: KeyCustodian): Promise<void> {
  const path = `${folder}/logs/${receipts}.key`;
  const text = await readSecret(path);
  if (text === null || custodian.derive !== undefined) return;
  await replaceSecret(path, wrappedText(await custodian.wrap(exchangeOwner, receiptContext, await custodian.unwrap(exchangeOwner, receiptContext, readWrapped(text, path)))));
}
