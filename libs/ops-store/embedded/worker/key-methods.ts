import type { Statements } from '#platform/sqlite/index.js';
import type { KeyRow } from '../../sealed/records.js';

export const keyMethods = (statements: Statements) => {
  const find = (subject: string) =>
    statements.get('SELECT wrapped FROM data_keys WHERE subject = ?').get(subject) as KeyRow | undefined;
  return {
    findKey: find,
    /** The key that stands, which is the one proposed only when there was none. */
    obtainKey(subject: string, proposed: Uint8Array): KeyRow {
      statements.get('INSERT INTO data_keys VALUES (?, ?) ON CONFLICT DO NOTHING').run(subject, proposed);
      return find(subject) as KeyRow;
    },
    /** Also for a subject that has none yet: it must not get one later. */
    destroyKey(subject: string): void {
      statements.get('INSERT INTO data_keys VALUES (?, NULL) ON CONFLICT DO UPDATE SET wrapped = NULL').run(subject);
    },
    obtainSalt(name: string, proposed: Uint8Array): Uint8Array {
      statements.get('INSERT INTO salts VALUES (?, ?) ON CONFLICT DO NOTHING').run(name, proposed);
      const row = statements.get('SELECT wrapped FROM salts WHERE name = ?').get(name);
      return (row as { wrapped: Uint8Array }).wrapped;
    },
    /** A fact about the whole store, written once. */
    obtainFact(name: string, proposed: Uint8Array): Uint8Array {
      statements.get('INSERT INTO facts VALUES (?, ?) ON CONFLICT DO NOTHING').run(name, proposed);
      const row = statements.get('SELECT value FROM facts WHERE name = ?').get(name);
      return (row as { value: Uint8Array }).value;
    },
  };
};
