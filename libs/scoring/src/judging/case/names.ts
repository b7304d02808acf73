/** Bodies are open: where a name belongs anything may stand, and an object may not even have a text. */
export const nameOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
