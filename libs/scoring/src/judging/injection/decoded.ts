import { hiddenTags } from './folded.js';

export interface Decoded {
  readonly by: string;
  readonly text: string;
}

/** Only what reads as text: decoding a hash gives noise, and noise matches nothing worth matching. */
const readable = (text: string): boolean =>
  text.length >= 12 && !text.includes('\ufffd') && /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\s]*$/u.test(text);

const LONGEST = 20_000;

const fromBase64 = (text: string): string[] =>
  [...text.matchAll(/(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{20,}={0,2}/g)].map(([token]) =>
    Buffer.from(token, token.includes('-') || token.includes('_') ? 'base64url' : 'base64').toString('utf8'),
  );

const fromHex = (text: string): string[] =>
  [...text.matchAll(/(?<![0-9a-f])(?:[0-9a-f]{2}[\s:]?){12,}/gi)].map(([token]) =>
    Buffer.from(token.replace(/[\s:]/g, ''), 'hex').toString('utf8'),
  );

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: ' ' };

const codePoint = (digits: string, base: number): string => {
  const code = Number.parseInt(digits, base);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
};

const unescaped = (text: string): string[] => {
  if (!/%[0-9a-f]{2}|&#?\w+;|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}/i.test(text)) return [];
  return [
    text
      .replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8'))
      .replace(/&#(\d{1,7});/g, (_, digits: string) => codePoint(digits, 10))
      .replace(/&#x([0-9a-f]{1,6});/gi, (_, digits: string) => codePoint(digits, 16))
      .replace(/&(\w{2,4});/g, (whole, name: string) => ENTITIES[name.toLowerCase()] ?? whole)
      .replace(/\\u([0-9a-f]{4})|\\x([0-9a-f]{2})/gi, (_, four: string, two: string) => codePoint(four ?? two, 16)),
  ];
};

/** Words that an attempt does not do without, as they stand turned: every text turned would be read twice over. */
const ROTATED = /vtaber|qvfertneq|sbetrg|bireevqr|fpber|cbvagf|tenqr/i;
const REVERSED = /erongi|drager|tegrof|edirrevo|erocs|stniop|edarg/i;

const rotated = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => {
    const base = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  });

const MORSE = new Map(
  'a.- b-... c-.-. d-.. e. f..-. g--. h.... i.. j.--- k-.- l.-.. m-- n-. o--- p.--. q--.- r.-. s... t- u..- v...- w.-- x-..- y-.-- z--..'
    .split(' ')
    .map((pair) => [pair.slice(1), pair.slice(0, 1)] as const),
);

const fromMorse = (text: string): string[] =>
  [...text.matchAll(/[.-]{1,4}(?:[ /|]+[.-]{1,4}){10,}/g)].map(([code]) =>
    code
      .split(/\s*[/|]\s*|\s{2,}/)
      .map((word) =>
        word
          .split(' ')
          .map((sign) => MORSE.get(sign) ?? '')
          .join(''),
      )
      .join(' '),
  );

/** What a text says under the encodings that models read by themselves. */
export const decodingsOf = (text: string): Decoded[] => {
  const bounded = text.slice(0, LONGEST);
  const by = (name: string, texts: readonly string[]): Decoded[] =>
    texts.filter(readable).map((decoded) => ({ by: name, text: decoded }));
  return [
    ...by('base64', fromBase64(bounded)),
    ...by('hex', fromHex(bounded)),
    ...by('escapes', unescaped(bounded)),
    ...(ROTATED.test(bounded) ? by('rot13', [rotated(bounded)]) : []),
    ...(REVERSED.test(bounded) ? by('reversed', [[...bounded].reverse().join('')]) : []),
    ...by('morse', fromMorse(bounded)),
    ...by('invisible_letters', [hiddenTags(bounded)]),
  ];
};
