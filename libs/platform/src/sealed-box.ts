import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomFillSync } from 'node:crypto';

/**
 * AES-256-GCM in one run of bytes: format byte, 12 bytes of nonce, ciphertext, 16 bytes of tag. The format byte and
 * what the box belongs to (`bound`) are authenticated with it, so a box opens nowhere but where it was put.
 */
const NONCE = 12;
const TAG = 16;
export const BOX_OVERHEAD = 1 + NONCE + TAG;

/** Random bytes are drawn in blocks: one system call per 512 nonces instead of one each (1 µs saved of 5 per event). */
const nonces = Buffer.allocUnsafeSlow(NONCE * 512);
let nextNonce = nonces.length;

const takeNonce = (into: Buffer, at: number): void => {
  if (nextNonce === nonces.length) {
    randomFillSync(nonces);
    nextNonce = 0;
  }
  nonces.copy(into, at, nextNonce, nextNonce + NONCE);
  nextNonce += NONCE;
};

/** A cipher made from bare bytes prepares its key each time: 12 µs of 15 (measured), against 1.5 with the key prepared. */
const prepared = new WeakMap<Buffer, KeyObject>();

const prepare = (key: Buffer): KeyObject => {
  const known = prepared.get(key);
  if (known) return known;
  const made = createSecretKey(key);
  prepared.set(key, made);
  return made;
};

const boundTo = (format: number, bound: string): Buffer => Buffer.from(`${format}\n${bound}`);

export const sealBox = (key: Buffer, plain: Uint8Array | string, bound: string, format = 1): Buffer => {
  const bytes = typeof plain === 'string' ? Buffer.from(plain) : plain;
  const box = Buffer.allocUnsafe(bytes.length + BOX_OVERHEAD);
  box[0] = format;
  takeNonce(box, 1);
  const cipher = createCipheriv('aes-256-gcm', prepare(key), box.subarray(1, 1 + NONCE));
  cipher.setAAD(boundTo(format, bound));
  cipher.update(bytes).copy(box, 1 + NONCE);
  cipher.final();
  cipher.getAuthTag().copy(box, box.length - TAG);
  return box;
};

/** @throws Error when the key is another one, the box was changed, or it belongs somewhere else. */
export const openBox = (key: Buffer, box: Uint8Array, bound: string): Buffer => {
  if (box.length < BOX_OVERHEAD) throw new Error(`A sealed box has at least ${BOX_OVERHEAD} bytes, not ${box.length}.`);
  const decipher = createDecipheriv('aes-256-gcm', prepare(key), box.subarray(1, 1 + NONCE), { authTagLength: TAG });
  decipher.setAAD(boundTo(box[0] ?? 0, bound));
  decipher.setAuthTag(box.subarray(box.length - TAG));
  const plain = decipher.update(box.subarray(1 + NONCE, box.length - TAG));
  decipher.final();
  return plain;
};
