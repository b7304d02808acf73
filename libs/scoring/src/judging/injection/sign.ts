/** What an attempt to talk the judge round is recognised by. Patterns run on folded text: lower case, no accents on Latin. */
export interface Sign {
  readonly name:
    | 'override_instructions'
    | 'demand_for_points'
    | 'addresses_the_judge'
    | 'forged_frame'
    | 'forged_answer';
  found(text: string): boolean;
}

/** Signs of one kind, tried only where a text has one of the words that none of them does without. */
export interface SignGroup {
  readonly hint: RegExp;
  readonly signs: readonly Sign[];
}

/** Greek, Cyrillic, Semitic, Indic, East Asian: whatever is not written in Latin letters. */
export const OTHER_SCRIPT = /[\u0370-\u1fff\u2e80-\ud7ff\uf900-\uffef]/u;

/** Within a sentence or two, not across a page. */
export const GAP = '[^\\n]{0,60}';

export const sign = (name: Sign['name'], ...parts: readonly string[]): Sign => {
  const pattern = new RegExp(parts.join('').normalize('NFC'), 'u');
  return { name, found: (text) => pattern.test(text) };
};

/** All of them within one sentence, in any order: every language has its own. */
export const together = (name: Sign['name'], ...parts: readonly string[]): Sign => {
  const patterns = parts.map((part) => new RegExp(part.normalize('NFC'), 'u'));
  const all = (text: string): boolean => patterns.every((pattern) => pattern.test(text));
  return { name, found: (text) => all(text) && text.split(/[.!?。！？]/).some(all) };
};
