import { isDeepStrictEqual } from 'node:util';
import { VerbatimError } from '#platform';
import { dropUndefined, type FieldClass, fieldsOf } from './field-classes.js';
import { nestedType } from './fields.js';
import { Spelling } from './spelling.js';

/** Fills a class of fields from a JSON object. Unknown fields are ignored; either spelling of a name will do (D39). */
export function readBody<T extends object>(type: new () => T, body: unknown, spelling: Spelling): T {
  const source = body ?? {};
  if (!isRecord(source)) throw new VerbatimError('invalid_request', 'The body must be a JSON object.');
  return fill(type, source, spelling, '') as T;
}

function fill(type: FieldClass, source: Readonly<Record<string, unknown>>, spelling: Spelling, path: string): object {
  const target = new type() as Record<string, unknown>;
  for (const field of fieldsOf(type).keys()) {
    const key = givenAs(source, field, path);
    if (key === undefined) {
      dropUndefined(target, field);
      continue;
    }
    spelling.note(target, field, key);
    target[field] = inner(type, field, source[key], spelling, `${path}${key}`);
  }
  return target;
}

function inner(type: FieldClass, field: string, value: unknown, spelling: Spelling, path: string): unknown {
  const nested = nestedType(type, field);
  if (!nested) return value;
  if (Array.isArray(value))
    return value.map((item: unknown, index) =>
      isRecord(item) ? fill(nested, item, spelling, `${path}[${index}].`) : item,
    );
  return isRecord(value) ? fill(nested, value, spelling, `${path}.`) : value;
}

/** The key under which a field was sent: `sendEmail` or `send_email`. Both with different values is no guess of ours. */
function givenAs(source: Readonly<Record<string, unknown>>, field: string, path: string): string | undefined {
  const spellings = [field, otherSpelling(field)].filter((key) => Object.hasOwn(source, key));
  const [first, second] = spellings;
  if (
    first !== undefined &&
    second !== undefined &&
    first !== second &&
    !isDeepStrictEqual(source[first], source[second])
  )
    throw new VerbatimError('invalid_parameter', `${first} and ${second} are the same field with different values.`, {
      param: `${path}${second}`,
    });
  return first;
}

const otherSpelling = (field: string): string =>
  field.includes('_')
    ? field.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    : field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
