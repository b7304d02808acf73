/** SQLite's primary result codes that somebody can do something about. */
const RESULT_CODES = {
  busy: 5,
  readonly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  cannot_open: 14,
  not_a_database: 26,
} as const;

export type SqliteFault = keyof typeof RESULT_CODES;

/** Which fault an error of `node:sqlite` reports, also after crossing from a worker; undefined for any other. */
export const sqliteFault = (error: unknown): SqliteFault | undefined => {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  if (code !== 'ERR_SQLITE_ERROR' || typeof errcode !== 'number') return undefined;
  const primary = errcode & 0xff;
  return (Object.keys(RESULT_CODES) as SqliteFault[]).find((fault) => RESULT_CODES[fault] === primary);
};
