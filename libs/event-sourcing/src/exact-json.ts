/**
 * JSON text that parses back to exactly the same value. JSON.stringify does so too, but for two things that callers can
 * send: it writes -0 as 0, and it runs out of stack some thousand levels down, where JSON.parse does not.
 */
const MAX_LEVELS = 500;

const isOrdinary = (value: unknown, level: number): boolean => {
  if (typeof value === 'number') return value !== 0 || !Object.is(value, -0);
  if (typeof value !== 'object' || value === null) return true;
  if (level > MAX_LEVELS) return false;
  if (Array.isArray(value)) return value.every((entry) => isOrdinary(entry, level + 1));
  for (const key in value) {
    if (!isOrdinary((value as Record<string, unknown>)[key], level + 1)) return false;
  }
  return true;
};

interface Open {
  readonly value: object;
  /** Undefined for a list. */
  readonly keys: readonly string[] | undefined;
  next: number;
  written: number;
}

const scalar = (value: unknown): string => {
  if (Object.is(value, -0)) return '-0';
  // Undefined and functions have no JSON text, whatever the signature says.
  return (JSON.stringify(value) as string | undefined) ?? 'null';
};

const withoutRecursion = (root: unknown): string => {
  const parts: string[] = [];
  const stack: Open[] = [];
  const write = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) {
      parts.push(scalar(value));
      return;
    }
    const keys = Array.isArray(value) ? undefined : Object.keys(value);
    parts.push(keys ? '{' : '[');
    stack.push({ value, keys, next: 0, written: 0 });
  };
  write(root);
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const { keys } = top;
    const length = keys ? keys.length : (top.value as unknown[]).length;
    if (top.next >= length) {
      parts.push(keys ? '}' : ']');
      stack.pop();
      continue;
    }
    const key = keys ? (keys[top.next] as string) : top.next;
    const value = (top.value as Record<string | number, unknown>)[key];
    top.next += 1;
    if (keys && value === undefined) continue;
    if (top.written > 0) parts.push(',');
    top.written += 1;
    if (keys) parts.push(`${JSON.stringify(key)}:`);
    write(value);
  }
  return parts.join('');
};

export const exactJson = (value: unknown): string =>
  isOrdinary(value, 0) ? JSON.stringify(value) : withoutRecursion(value);
