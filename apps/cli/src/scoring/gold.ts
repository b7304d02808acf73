import { parse } from 'csv-parse/sync';

/** What a human gave. */
export interface GoldScore {
  readonly sessionId: string;
  readonly categoryId: string;
  readonly score: number;
}

const COLUMNS = ['sessionId', 'categoryId', 'score'] as const;

/** A CSV file with a header line that names at least the three columns; others are left aside. */
export function readGold(text: string): readonly GoldScore[] {
  const rows = parse(text, { bom: true, columns: true, skip_empty_lines: true, trim: true, info: true }) as unknown as {
    readonly info: { readonly lines: number };
    readonly record: Readonly<Record<string, string>>;
  }[];
  const [first] = rows;
  const missing = COLUMNS.filter((column) => first && !(column in first.record));
  if (!first || missing.length > 0)
    throw new Error(
      `The file needs a header line with ${COLUMNS.join(', ')}${missing.length > 0 ? `; it lacks ${missing.join(', ')}` : ' and at least one line'}.`,
    );
  return rows.map(({ info, record }) => {
    const { sessionId = '', categoryId = '', score = '' } = record;
    const points = Number(score);
    if (sessionId === '' || categoryId === '' || score === '' || !Number.isFinite(points) || points < 0)
      throw new Error(`Line ${info.lines}: a session, a category and points from 0 are needed.`);
    return { sessionId, categoryId, score: points };
  });
}
