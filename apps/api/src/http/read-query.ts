import { VerbatimError } from '#platform';
import { declaredType, dropUndefined, type FieldClass, fieldsOf } from './field-classes.js';
import { clampOf } from './paging.js';

/** Fills a class of fields from a query: declared parameters only, each once, numbers and booleans read from their text. */
export function readQuery<T extends object>(type: new () => T, query: Readonly<Record<string, unknown>>): T {
  const fields = [...fieldsOf(type).keys()];
  refuseUndeclared(query, fields);
  const target = new type() as Record<string, unknown>;
  for (const field of fields) {
    const value = read(type, field, query[field] as string | undefined);
    if (value === undefined) dropUndefined(target, field);
    else target[field] = value;
  }
  return target as T;
}

/** Unknown, repeated and bracketed parameters are refused: silently ignored, a filter would show too much. */
export function refuseUndeclared(query: Readonly<Record<string, unknown>>, declared: readonly string[]): void {
  for (const [name, value] of Object.entries(query)) {
    if (!declared.includes(name)) {
      const takes = declared.length ? `It takes: ${declared.join(', ')}.` : 'It takes none.';
      throw new VerbatimError('invalid_parameter', `Unknown query parameter '${shown(name)}'. ${takes}`, {
        param: shown(name),
        details: { allowed: declared },
      });
    }
    if (typeof value !== 'string')
      throw new VerbatimError('invalid_parameter', `The query parameter '${name}' is given more than once.`, {
        param: name,
      });
  }
}

function read(type: FieldClass, field: string, text: string | undefined): unknown {
  const clamp = clampOf(type, field);
  if (clamp) {
    if (text === undefined) return clamp.default;
    return Math.min(clamp.max, Math.max(clamp.min, wholeNumber(field, text)));
  }
  if (text === undefined) return undefined;
  switch (declaredType(type, field)) {
    case Number:
      return wholeNumber(field, text);
    case Boolean:
      if (text === 'true' || text === 'false') return text === 'true';
      throw new VerbatimError('invalid_parameter', `${field} must be true or false.`, { param: field });
    default:
      return text;
  }
}

function wholeNumber(field: string, text: string): number {
  if (/^-?\d+$/.test(text)) return Number(text);
  throw new VerbatimError('invalid_parameter', `${field} must be a whole number.`, { param: field });
}

const shown = (name: string): string => name.slice(0, 64).toWellFormed().replaceAll('\0', '');
