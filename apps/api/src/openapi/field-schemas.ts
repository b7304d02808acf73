import type { OpenAPIObject } from '@nestjs/swagger';
import { clampOf, declaredType, type FieldClass, type FieldRule, fieldsOf, nestedType } from '../http/index.js';

export type Schema = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

type Keywords = Record<string, unknown>;

/** What each rule of a field says in JSON Schema; rules that are not here add nothing that can be said so. */
const BY_RULE: Readonly<Record<string, (constraints: readonly unknown[]) => Keywords>> = {
  cleanText: ([min, max]) => ({ type: 'string', minLength: min, maxLength: max }),
  emailAddress: () => ({ type: 'string', format: 'email', maxLength: 254 }),
  isoTime: () => ({ type: 'string', format: 'date-time' }),
  jsonObject: () => ({ type: 'object' }),
  isString: () => ({ type: 'string' }),
  maxLength: ([max]) => ({ maxLength: max }),
  minLength: ([min]) => ({ minLength: min }),
  isInt: () => ({ type: 'integer' }),
  isNumber: () => ({ type: 'number' }),
  min: ([min]) => ({ minimum: min }),
  max: ([max]) => ({ maximum: max }),
  isBoolean: () => ({ type: 'boolean' }),
  isIn: ([words]) => ({ enum: words }),
  isArray: () => ({ type: 'array' }),
  arrayMinSize: ([min]) => ({ minItems: min }),
  arrayMaxSize: ([max]) => ({ maxItems: max }),
};

const MAY_BE_NULL = 'isOptional';
const MAY_BE_LEFT_OUT = new Set([MAY_BE_NULL, 'conditionalValidation']);

/** The schema of a class of fields, as the pipe reads it. */
export function schemaOf(type: FieldClass): Schema {
  const fields = [...fieldsOf(type)];
  const required = fields.filter(([, rules]) => !rules.some(({ name }) => MAY_BE_LEFT_OUT.has(name)));
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(([field, rules]) => [field, fieldSchema(type, field, rules)])),
    ...(required.length > 0 && { required: required.map(([field]) => field) }),
  } as Schema;
}

export interface QueryParameter {
  readonly name: string;
  readonly in: 'query';
  readonly required: false;
  readonly schema: Schema;
}

export const queryParametersOf = (type: FieldClass): readonly QueryParameter[] =>
  [...fieldsOf(type)].map(([field, rules]) => ({
    name: field,
    in: 'query',
    required: false,
    schema: fieldSchema(
      type,
      field,
      rules.filter(({ name }) => name !== MAY_BE_NULL),
    ),
  }));

function fieldSchema(type: FieldClass, field: string, rules: readonly FieldRule[]): Schema {
  const clamp = clampOf(type, field);
  if (clamp) return { type: 'integer', minimum: clamp.min, maximum: clamp.max, default: clamp.default } as Schema;
  const nested = nestedType(type, field);
  const own = keywords(rules.filter(({ each }) => !each));
  const items = nested ? schemaOf(nested) : keywords(rules.filter(({ each }) => each));
  const isList = own['type'] === 'array' || declaredType(type, field) === Array;
  const schema: Keywords = isList ? { ...own, items } : nested ? (schemaOf(nested) as Keywords) : own;
  const mayBeNull = rules.some(({ name }) => name === MAY_BE_NULL) && schema['type'] !== undefined;
  const nullable = {
    ...schema,
    type: [schema['type'], 'null'],
    ...('enum' in schema && { enum: [...(schema['enum'] as unknown[]), null] }),
  };
  return (mayBeNull ? nullable : schema) as Schema;
}

const keywords = (rules: readonly FieldRule[]): Keywords =>
  Object.assign({}, ...rules.map(({ name, constraints }) => BY_RULE[name]?.(constraints) ?? {})) as Keywords;
