import { getMetadataStorage } from 'class-validator';

export type FieldClass = new () => object;

export interface FieldRule {
  /** class-validator's name of the rule: `isString`, `cleanText` … */
  readonly name: string;
  readonly constraints: readonly unknown[];
  /** The rule is about each item of a list. */
  readonly each: boolean;
}

const known = new WeakMap<FieldClass, ReadonlyMap<string, readonly FieldRule[]>>();

/** The declared fields of a body or query class with their rules, inherited ones included. */
export function fieldsOf(type: FieldClass): ReadonlyMap<string, readonly FieldRule[]> {
  const found = known.get(type);
  if (found) return found;
  const fields = new Map<string, FieldRule[]>();
  for (const rule of getMetadataStorage().getTargetValidationMetadatas(type, '', false, false)) {
    const rules = fields.get(rule.propertyName) ?? [];
    const constraints = rule.constraints as readonly unknown[] | undefined;
    rules.push({ name: rule.name ?? rule.type, constraints: constraints ?? [], each: rule.each });
    fields.set(rule.propertyName, rules);
  }
  known.set(type, fields);
  return fields;
}

/** What a property was declared as in TypeScript: `String`, `Number`, `Boolean`, `Array`, `Object` or a class. */
export const declaredType = (type: FieldClass, field: string): unknown =>
  Reflect.getMetadata('design:type', type.prototype, field);

/** A class of fields, as opposed to `Object`, `String` and what else a parameter may be declared as. */
export const isFieldClass = (type: unknown): type is FieldClass =>
  typeof type === 'function' && fieldsOf(type as FieldClass).size > 0;

/** What was left out is not there at all, as in the JSON: a class's fields start as `undefined`, those with a default stay. */
export const dropUndefined = (target: Record<string, unknown>, field: string): void => {
  if (target[field] === undefined) delete target[field];
};
