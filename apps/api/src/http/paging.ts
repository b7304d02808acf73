import { IsOptional, IsString, ValidateBy } from 'class-validator';

const CLAMPED = 'http:clamped';

export interface Clamp {
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

/** A whole number of a query that is moved into its range instead of refused (D13); left out, it has its default. */
export const Clamped = (range: Clamp) => (target: object, key: string | symbol) => {
  Reflect.defineMetadata(CLAMPED, range, target, key);
  ValidateBy({ name: 'clamped', constraints: [range], validator: { validate: Number.isInteger } })(target, key);
};

export const clampOf = (type: new () => object, property: string): Clamp | undefined =>
  Reflect.getMetadata(CLAMPED, type.prototype, property) as Clamp | undefined;

/** `limit` 1–100, default 20; a list with other bounds says `@Clamped(…) override limit: number`. */
export class PageQuery {
  @Clamped({ default: 20, min: 1, max: 100 })
  limit: number;

  @Clamped({ default: 0, min: 0, max: Number.MAX_SAFE_INTEGER })
  offset: number;

  /** The `nextCursor` of the page before: opaque, and then `offset` does not count. */
  @IsOptional()
  @IsString()
  after?: string;
}
