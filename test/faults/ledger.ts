import {
  type Aggregate,
  type CommandContext,
  type Decision,
  defineEvent,
  EventCatalogue,
  type EventOf,
  type Fact,
  type LogAggregateStore,
  type Policy,
} from '#event-sourcing';
import { isVerbatimError } from '#platform';
import { defineCollection, type Projection } from '#read-store';

/** The smallest business there is: amounts, each booked once for each order; a policy books them again in a mirror. */
const booked = defineEvent<{ order: string; amount: number }>()({
  type: 'amount_booked',
  version: 1,
  layer: 'record',
  meaning: 'An amount was booked.',
  structure: { order: 'id', amount: 'number' },
});
const mirrored = defineEvent<{ order: string; amount: number }>()({
  type: 'amount_mirrored',
  version: 1,
  layer: 'record',
  meaning: 'An amount was booked in the mirror.',
  structure: { order: 'id', amount: 'number' },
});
const definitions = [booked, mirrored] as const;
type Booking = EventOf<typeof definitions>;

export interface Ledger {
  readonly sum: number;
  readonly orders: ReadonlySet<string>;
}

export const ledger: Aggregate<Ledger, Booking> = {
  category: 'ledger',
  catalogue: new EventCatalogue(definitions),
  initialState: { sum: 0, orders: new Set() },
  evolve: ({ sum, orders }, { data }) => ({
    sum: sum + data.amount,
    orders: new Set([...orders, data.order]),
  }),
};

export interface Order {
  readonly ledger: string;
  readonly order: string;
  readonly amount: number;
}

/** An order that is booked already is not booked again: asking twice is safe. */
const decide =
  (type: Booking['type'], { order, amount }: Order) =>
  ({ orders }: Ledger): Decision<Booking> => ({
    events: orders.has(order) ? [] : [{ type, data: { order, amount } }],
    answer: undefined,
  });

export const streamOf = (name: string): string => `ledger-org.${name}`;
export const mirrorOf = (name: string): string => `mirror-org.${name}`;

/** As a caller with an idempotency key does: the same command again until it is answered. */
export async function book(store: LogAggregateStore, order: Order, context: () => CommandContext): Promise<void> {
  for (;;) {
    try {
      await store.change(ledger, streamOf(order.ledger), context(), decide('amount_booked', order));
      return;
    } catch (error) {
      if (!isVerbatimError(error, 'busy', 'storage_unavailable')) throw error;
    }
  }
}

export const mirroring = (store: LogAggregateStore): Policy => ({
  name: 'mirroring',
  types: ['amount_booked'],
  react: async ({ stream, data }: Fact, context) => {
    const { order, amount } = data as { order: string; amount: number };
    const name = stream.slice(streamOf('').length);
    await store.change(ledger, mirrorOf(name), context, decide('amount_mirrored', { ledger: name, order, amount }));
  },
});

export interface LedgerView {
  sum: number;
  bookings: number;
}

export const ledgers = defineCollection<LedgerView>({
  name: 'ledgers',
  fields: { sum: 'number', bookings: 'number' },
  indexes: [['sum']],
});

/** Counts: an event that is applied twice shows. */
export const ledgerProjection: Projection<Fact> = {
  name: 'ledgers',
  version: 1,
  types: ['amount_booked', 'amount_mirrored'],
  collections: [ledgers],
  onPoison: 'stop',
  touches: ({ stream }) => [{ collection: ledgers, id: stream }],
  apply: ({ stream, data }, documents) => {
    const { sum, bookings } = documents.get(ledgers, stream) ?? { sum: 0, bookings: 0 };
    const { amount } = data as { amount: number };
    documents.put(ledgers, stream, { sum: sum + amount, bookings: bookings + 1 });
  },
};
