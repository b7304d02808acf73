export type Data = Readonly<Record<string, unknown>>;

/** The first of these names that holds text; coding tools have no common spelling. */
export const textIn = (data: Data, ...names: string[]): string | undefined =>
  firstOf(data, names, (value): value is string => typeof value === 'string' && value !== '');

export const numberIn = (data: Data, ...names: string[]): number | undefined =>
  firstOf(data, names, (value): value is number => typeof value === 'number' && Number.isFinite(value));

export const flagIn = (data: Data, ...names: string[]): boolean | undefined =>
  firstOf(data, names, (value): value is boolean => typeof value === 'boolean');

export const recordIn = (data: Data, ...names: string[]): Data | undefined =>
  firstOf(data, names, (value): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value));

/** Without the fields nobody said anything about. */
export const known = (fields: Readonly<Record<string, unknown>>): Data =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const firstOf = <T>(data: Data, names: readonly string[], fits: (value: unknown) => value is T): T | undefined =>
  names.map((name) => data[name]).find(fits);
