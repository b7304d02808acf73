import { isRecord } from '#sessions';
import { type Scan, scan, scanning } from '../injection/scan.js';
import type { Steps } from '../turns.js';

/**
 * What a file is called is no merit, and a place for words that nobody takes for work: the offline judge and event analysis
 * compare names and never read them. These are the places where a text or a deliverable bears some.
 */

/** A difference between files, as git, diff and the patch tools of AIs write it. */
const DIFF = /^(?:diff --git |--- .*\r?\n\+\+\+ |\*\*\* (?:Add|Update|Delete) File: )/m;
const HEADERS =
  /^(diff --git |--- |\+\+\+ |(?:rename|copy) (?:from|to) |Binary files |\*\*\* (?:Add|Update|Delete) File: |\*\*\* Move to: )(.*)(?:\n|$)/gm;

/** The text without the lines of a diff that say which files it is of. */
export const withoutFileNames = (text: string): string => (DIFF.test(text) ? text.replace(HEADERS, '') : text);

/** As `scanning`, with the names of files looked at apart: one that addresses the judge takes nothing else with it. */
export function* scanningApart(text: string): Steps<Scan> {
  if (!DIFF.test(text)) return yield* scanning(text);
  const signs = new Set<string>();
  const harmless = (line: string, begin: string, name: string): string => {
    const found = scan(name).signs;
    for (const sign of found) signs.add(sign);
    return found.length === 0 ? line : `${begin}[file]${line.endsWith('\n') ? '\n' : ''}`;
  };
  const named = text.replace(HEADERS, harmless);
  const rest = yield* scanning(withoutFileNames(text));
  const headers = [...named.matchAll(HEADERS)].map(([line]) => line.trimEnd());
  return {
    clean: rest.signs.length === 0 ? named : [...headers, rest.clean].join('\n'),
    signs: [...new Set([...signs, ...rest.signs])].sort(),
  };
}

/** Fields that say what something is called, or which one it is. */
const NAMING = /^(?:(?:file|target)?_?(?:path|name)|file|id|\w+_id|\w*[a-z]Id)$/i;

const DEEPEST = 12;

const valuesOf = (value: unknown, depth = 0): string[] => {
  if (typeof value === 'string') return [withoutFileNames(value)];
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  if (depth > DEEPEST) return [];
  if (Array.isArray(value)) return value.flatMap((item) => valuesOf(item, depth + 1));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    NAMING.test(key) && typeof item === 'string' ? [] : valuesOf(item, depth + 1),
  );
};

/** What a deliverable says: its values, one a line, without what they and its files are called. */
export const proseOfDeliverable = (state: unknown): string => valuesOf(state).join('\n');
