import type { Ids } from '#platform';

/** Letters and digits that nobody mistakes for each other when reading a key aloud or copying it by hand. */
export const KEY_ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const SYMBOLS = 8;
const SHAPE = new RegExp(`^PST-[${KEY_ALPHABET}]{4}-[${KEY_ALPHABET}]{4}$`);
/** Bytes from here on would favour the first letters: they are drawn again. */
const FAIR = 256 - (256 % KEY_ALPHABET.length);

/** `PST-XXXX-XXXX`: 31^8 keys, some 40 bits. Against guessing there is the lockout, against a copy of the files the secret. */
export const makeKeyText = (ids: Ids): string => {
  let symbols = '';
  while (symbols.length < SYMBOLS)
    for (const byte of ids.secret(SYMBOLS))
      if (byte < FAIR && symbols.length < SYMBOLS) symbols += KEY_ALPHABET[byte % KEY_ALPHABET.length];
  return `PST-${symbols.slice(0, 4)}-${symbols.slice(4)}`;
};

/** As it is issued, whatever case it was typed in; undefined when no key looks like that. */
export const canonicalKey = (text: string): string | undefined => {
  const key = text.trim().toUpperCase();
  return SHAPE.test(key) ? key : undefined;
};
