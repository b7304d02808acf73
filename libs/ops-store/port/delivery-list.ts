import { VerbatimError } from '#platform';
import type { Deliveries, Delivery, DeliveryPage } from './ops-store.js';

/** What a caller of a list asks for; checked and clamped before. */
export interface DeliveryListRequest extends Omit<DeliveryPage, 'after' | 'target' | 'state'> {
  readonly target?: string | undefined;
  readonly state?: DeliveryPage['state'] | undefined;
  /** The `nextCursor` of the page before; then `offset` does not count. */
  readonly after?: string | undefined;
}

export interface ListPlace {
  /** Of the whole list, whatever page is shown. */
  readonly total: number;
  readonly limit: number;
  readonly offset: number;
  readonly hasMore: boolean;
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/**
 * A page of what was or will be sent, newest first, by offset or after a cursor: these lists grow at the end that is shown
 * first, so that an offset would show things twice (D16).
 * @throws VerbatimError invalid_cursor
 */
export const listDeliveries = async (
  deliveries: Deliveries,
  orgId: string,
  { limit, offset, after, target, state }: DeliveryListRequest,
): Promise<ListPlace & { readonly deliveries: readonly Delivery[] }> => {
  const skipped = after === undefined ? offset : 0;
  const found = await deliveries.list(orgId, {
    // One more tells whether there is one.
    limit: limit + 1,
    offset: skipped,
    ...(after === undefined ? {} : { after: placeOf(after) }),
    ...(target === undefined ? {} : { target }),
    ...(state === undefined ? {} : { state }),
  });
  const shown = found.deliveries.slice(0, limit);
  const hasMore = found.deliveries.length > limit;
  const last = shown.at(-1);
  return {
    deliveries: shown,
    total: found.total,
    limit,
    offset: skipped,
    hasMore,
    nextCursor: hasMore && last ? Buffer.from(`${last.createdAt} ${last.id}`).toString('base64url') : null,
  };
};

const CURSOR = /^(\d{1,15}) (\S{1,128})$/;

const placeOf = (cursor: string): { createdAt: number; id: string } => {
  const [, createdAt, id] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (!createdAt || !id)
    throw new VerbatimError('invalid_cursor', 'This cursor is not one that a list here gave out.', { param: 'after' });
  return { createdAt: Number(createdAt), id };
};
