import type { LogConditions } from './messages.js';
import { COLUMNS } from './page.js';

export interface LogQuery {
  readonly sql: string;
  /** After the two positions, before the limit. */
  readonly words: readonly (string | number)[];
}

const beginsWith = (column: string, prefixes: readonly string[]): string =>
  `(${prefixes.map(() => `substr(${column}, 1, ?) = ?`).join(' OR ') || 'FALSE'})`;

/** SQLite counts characters, JavaScript halves of some of them. */
const lengthsAnd = (prefixes: readonly string[]): (string | number)[] =>
  prefixes.flatMap((prefix) => [[...prefix].length, prefix]);

/**
 * The rows between two positions, the lower one exclusive. Not the pattern: that runs outside of SQL.
 * CROSS JOIN keeps SQLite from starting at the stream names: the order is the log's.
 */
export function logQuery(
  { prefixes, types, within, typePrefixes, deletions }: LogConditions,
  backwards: boolean,
): LogQuery {
  const conditions = ['e.position > ?', 'e.position <= ?', deletions ? 'e.wiped <> 1' : 'e.wiped = 0'];
  const words: (string | number)[] = [];
  for (const names of [prefixes, within]) {
    if (!names) continue;
    conditions.push(beginsWith('s.name', names));
    words.push(...lengthsAnd(names));
  }
  if (types) {
    conditions.push(`e.type IN (${types.map(() => '?').join(', ')})`);
    words.push(...types);
  }
  if (typePrefixes) {
    conditions.push(beginsWith('e.type', typePrefixes));
    words.push(...lengthsAnd(typePrefixes));
  }
  const from = prefixes || within ? 'events e CROSS JOIN streams s ON s.id = e.stream' : 'events e';
  const order = backwards ? 'e.position DESC' : 'e.position';
  return { sql: `SELECT ${COLUMNS} FROM ${from} WHERE ${conditions.join(' AND ')} ORDER BY ${order} LIMIT ?`, words };
}
