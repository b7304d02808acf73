/** What is left of an error on its way between threads: the structured clone drops an error's own fields, `code` among them. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export const toWire = (thrown: unknown): WireError => {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const fields: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(error)) {
    if (key !== 'name' && key !== 'message' && key !== 'stack' && typeof value !== 'function') fields[key] = value;
  }
  return { name: error.name, message: error.message, ...(error.stack ? { stack: error.stack } : {}), fields };
};

export const fromWire = (wire: WireError): Error => {
  const error = Object.assign(new Error(wire.message), wire.fields, { name: wire.name });
  if (wire.stack) error.stack = wire.stack;
  return error;
};
