import type { KeyPrincipal } from '#platform';
import { isRecord } from '#sessions';
import { namePatterns, type Person } from './name-patterns.js';

export type { Person } from './name-patterns.js';

// The look-behind lets a match begin at the start of a run alone: without it a long run of letters is tried at each of them.
const EMAIL = /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+/gu;
const LINK = /\b(?:https?|ftp|mailto):\/{0,2}[^\s<>"'`)）」】]+|(?<![\p{L}\p{N}.])www\.[^\s<>"'`)]+/giu;
/** Where people have their pages: these name somebody without a scheme in front, too. */
const PROFILE =
  /(?<![\p{L}\p{N}.-])(?:[a-z]{2,3}\.)?(?:linkedin|github|gitlab|twitter|facebook|instagram|medium|behance|dribbble|xing|t|x)\.(?:com|me|io|org)\/[^\s<>"'`)]+/giu;

/** Takes names, e-mails and links out of what a judge reads: what somebody is called or where they link to is no merit. */
export class Blinder {
  private readonly names: readonly RegExp[];

  constructor(
    person: Person = { names: [], emails: [] },
    private readonly links: 'taken out' | 'kept' = 'taken out',
  ) {
    this.names = namePatterns(person);
  }

  text(text: string): string {
    if (this.links === 'kept') return this.nameless(text);
    return this.nameless(/:|www\.|\//i.test(text) ? text.replace(LINK, '[link]').replace(PROFILE, '[link]') : text);
  }

  /** Links stay: for what somebody wrote who does not know whose work it is. */
  nameless(text: string): string {
    let blind = text;
    if (blind.includes('@')) blind = blind.replace(EMAIL, '[email]');
    for (const name of this.names) blind = blind.replace(name, '[name]');
    return blind;
  }

  /** Every text inside a value; keys stay. */
  value<Value>(value: Value): Value {
    return this.inside(value) as Value;
  }

  private inside(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.inside(item));
    if (isRecord(value))
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.inside(item)]));
    return value;
  }
}

/** For a reader who does not see names: scorers read as our judges do; auditors must see where a candidate went. */
export const blinderFor = (reader: KeyPrincipal, person?: Person): Blinder =>
  new Blinder(person, reader.role === 'scorer' ? 'taken out' : 'kept');
