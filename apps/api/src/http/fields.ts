import { applyDecorators } from '@nestjs/common';
import { isEmail, isObject, ValidateBy, ValidateIf, ValidateNested } from 'class-validator';

/**
 * Field decorators of request bodies and queries, beside class-validator's own. A class of such fields is all a route
 * declares (`@Body() body: InviteBody`, `@Query() query: SessionsQuery`): the pipe reads, checks and refuses by it, and
 * the API description is made from it. Fields without a decorator are never filled.
 */

interface Rule {
  readonly name: string;
  /** Ends the sentence "x must be …". */
  readonly allowed: string;
  readonly holds: (value: unknown) => boolean;
  readonly constraints?: unknown[];
  readonly each?: boolean;
}

const field = ({ name, allowed, holds, constraints = [], each = false }: Rule) =>
  ValidateBy(
    {
      name,
      constraints,
      validator: { validate: (value) => holds(value), defaultMessage: () => `$property must be ${allowed}.` },
    },
    { each },
  );

/** May be left out; `null` does not count as left out. (class-validator's `IsOptional` lets null pass too.) */
export const IfGiven = () => ValidateIf((_, value) => value !== undefined);

const isCleanText = (value: unknown, min: number, max: number): value is string =>
  typeof value === 'string' &&
  value.trim().length >= min &&
  value.length <= max &&
  value.isWellFormed() &&
  !value.includes('\0');

/** Names and titles: no NUL, no lone surrogate, and not blanks alone (unless `min` is 0). */
export const CleanText = (max = 255, min = 1, options: { each?: boolean } = {}) =>
  field({
    name: 'cleanText',
    allowed: `text of ${min}–${max} characters without NUL or lone surrogates`,
    holds: (value) => isCleanText(value, min, max),
    constraints: [min, max],
    ...options,
  });

/** An e-mail address, in whatever spelling; blanks around it are allowed and stay. */
export const EmailAddress = (options: { each?: boolean } = {}) =>
  field({
    name: 'emailAddress',
    allowed: 'an e-mail address',
    holds: (value) => isCleanText(value, 3, 254) && isEmail(value.trim()),
    ...options,
  });

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** A moment: ISO-8601 with its zone. */
export const IsoTime = () =>
  field({
    name: 'isoTime',
    allowed: 'an ISO-8601 time with its zone, like 2030-01-31T17:00:00Z',
    holds: (value) => typeof value === 'string' && ISO_TIME.test(value) && isRealDate(value),
  });

const ISO_LENGTH = '2030-01-31T17:00:00.000Z'.length;

/**
 * `Date.parse` takes the 31st of February for the 3rd of March; and a zone can lift a time over the end of the year 9999
 * or the start of 0000, where times are spelled longer and do not sort as text any more.
 */
function isRealDate(text: string): boolean {
  const day = text.slice(0, 10);
  if (Number.isNaN(Date.parse(text)) || new Date(text).toISOString().length !== ISO_LENGTH) return false;
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** At most so many digits behind the point. (class-validator's own `maxDecimalPlaces` throws at numbers like 5e-324.) */
export const Decimals = (most: number) =>
  field({
    name: 'decimals',
    allowed: `a number with at most ${most} decimals`,
    holds: (value) => Number.isFinite(value) && Number((value as number).toFixed(most)) === value,
    constraints: [most],
  });

/** A JSON object of any content. */
export const JsonObject = (options: { each?: boolean } = {}) =>
  field({
    name: 'jsonObject',
    allowed: 'a JSON object',
    holds: (value) => isObject(value) && !Array.isArray(value),
    ...options,
  });

const NESTED = 'http:nested';

/**
 * Another class of fields inside, `{ each: true }` for a list of them. That they are objects is checked beside it:
 * class-validator's own rule takes an empty list for one.
 */
export const Nested = (type: () => new () => object, { each = false }: { each?: boolean } = {}) =>
  applyDecorators(ValidateNested({ each }), JsonObject({ each }), (target: object, key?: string | symbol) => {
    Reflect.defineMetadata(NESTED, type, target, key ?? '');
  });

export const nestedType = (type: new () => object, property: string): (new () => object) | undefined =>
  (Reflect.getMetadata(NESTED, type.prototype, property) as (() => new () => object) | undefined)?.();
