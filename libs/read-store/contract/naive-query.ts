import type { Filter, Query, Scalar } from '#read-store';

type Row = Readonly<Record<string, unknown>> & { readonly _id: string };

/** UTF-8 bytes order texts by code points, as every store must; JavaScript's `<` orders them by UTF-16 units. */
const compareTexts = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const compare = (a: Scalar, b: Scalar): number => {
  if (a === null || b === null) return Number(b === null) - Number(a === null);
  if (typeof a === 'string') return compareTexts(a, b as string);
  return Number(a) - Number(b);
};

const fieldOf = (row: Row, field: string): Scalar => (row[field] ?? null) as Scalar;

const equal = (a: Scalar, b: Scalar): boolean => compare(a, b) === 0;

const OPERATORS: Readonly<Record<string, (value: Scalar, operand: never) => boolean>> = {
  $in: (value, operands: readonly Scalar[]) => operands.some((operand) => equal(value, operand)),
  $gt: (value, operand: Scalar) => value !== null && compare(value, operand) > 0,
  $gte: (value, operand: Scalar) => value !== null && compare(value, operand) >= 0,
  $lt: (value, operand: Scalar) => value !== null && compare(value, operand) < 0,
  $lte: (value, operand: Scalar) => value !== null && compare(value, operand) <= 0,
  $prefix: (value, operand: string) => typeof value === 'string' && value.startsWith(operand),
};

const matches = (row: Row, filter: Filter): boolean =>
  Object.entries(filter).every(([key, condition]) => {
    if (key === '$and') return (condition as readonly Filter[]).every((one) => matches(row, one));
    if (key === '$or') return (condition as readonly Filter[]).some((one) => matches(row, one));
    const value = fieldOf(row, key);
    if (condition === null || typeof condition !== 'object') return equal(value, condition as Scalar);
    return Object.entries(condition).every(([operator, operand]) => OPERATORS[operator]!(value, operand as never));
  });

/** What a query must answer, in the plainest way: the yardstick of the property test. */
export const naiveQuery = <Document extends Row>(
  rows: readonly Document[],
  { filter = {}, sort = [], limit, offset = 0 }: Query,
): { documents: readonly Document[]; total: number } => {
  const ends = [...sort, ['_id', sort.at(-1)?.[1] ?? 'asc'] as const];
  const found = rows
    .filter((row) => matches(row, filter))
    .toSorted((a, b) => {
      for (const [field, direction] of ends) {
        const order = compare(fieldOf(a, field), fieldOf(b, field));
        if (order !== 0) return direction === 'asc' ? order : -order;
      }
      return 0;
    });
  return { documents: found.slice(offset, offset + limit), total: found.length };
};
