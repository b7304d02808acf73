import { type ValidationError, validateSync } from 'class-validator';
import { VerbatimError } from '#platform';
import { type FieldClass, fieldsOf } from './field-classes.js';
import type { Spelling } from './spelling.js';

const VALIDATION = { forbidUnknownValues: false, validationError: { target: true, value: true } };

/** Throws for the first field that does not hold: which one, as the caller spelled it, and what is allowed. */
export function checkFields(filled: object, spelling: Spelling): void {
  const first = validateSync(filled, VALIDATION)[0];
  if (first) throw problemOf(first, spelling, '');
}

function problemOf(error: ValidationError, spelling: Spelling, path: string): VerbatimError {
  const name = spelling.of(error.target, error.property);
  const param = /^\d+$/.test(name) ? `${path}[${name}]` : path ? `${path}.${name}` : name;
  const constraint = mostTelling(error);
  const child = error.children?.[0];
  if (!constraint)
    return child
      ? problemOf(child, spelling, param)
      : new VerbatimError('invalid_parameter', `${param} is not valid.`, { param });
  if (error.value === undefined || error.value === null)
    return isOptional(error)
      ? new VerbatimError('invalid_parameter', `${param} must not be null: leave it out instead.`, { param })
      : new VerbatimError('missing_parameter', `${param} is required.`, { param });
  const at = constraint.each ? firstBadItem(error, constraint.name) : undefined;
  const place = at === undefined ? param : `${param}[${at}]`;
  return new VerbatimError('invalid_parameter', sentence(constraint.message, error.property, place), { param: place });
}

const isOptional = ({ target, property }: ValidationError): boolean =>
  target !== undefined &&
  (fieldsOf(target.constructor as FieldClass).get(property) ?? []).some(({ name }) => name === 'conditionalValidation');

interface Broken {
  readonly name: string;
  readonly message: string;
  readonly each: boolean;
}

/** A rule about the kind of value says more than one about its size; one about a whole list more than one about items. */
function mostTelling(error: ValidationError): Broken | undefined {
  const rules = error.target ? (fieldsOf(error.target.constructor as FieldClass).get(error.property) ?? []) : [];
  const rank = (broken: Broken) => (broken.each ? 2 : 0) + (/^is[A-Z]|Object$|Text$/.test(broken.name) ? 0 : 1);
  return Object.entries(error.constraints ?? {})
    .map(([name, message]) => ({ name, message, each: rules.some((rule) => rule.name === name && rule.each) }))
    .sort((one, other) => rank(one) - rank(other))[0];
}

/** class-validator does not say which item broke an `each` rule: found by halving the list. */
function firstBadItem(error: ValidationError, constraint: string): number | undefined {
  const { target, property, value } = error as { target?: object; property: string; value?: unknown };
  if (!target || !Array.isArray(value)) return undefined;
  const breaks = (items: readonly unknown[]): boolean => {
    const probe = Object.assign(Object.create(Object.getPrototypeOf(target) as object) as object, {
      [property]: items,
    });
    const errors = validateSync(probe, VALIDATION);
    return errors.some((found) => found.property === property && constraint in (found.constraints ?? {}));
  };
  let from = 0;
  let to = value.length;
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if (breaks(value.slice(from, middle))) to = middle;
    else from = middle;
  }
  return from;
}

const sentence = (message: string, property: string, param: string): string => {
  const text = message.replace(/^each value in /, '').replace(property, () => param);
  return /[.!]$/.test(text) ? text : `${text}.`;
};
