import { defineCollection, type ProjectableEvent, type Projection } from '#read-store';

/** Events of a small ledger: amounts under words, one stream per account. */
export interface LedgerEvent extends ProjectableEvent {
  readonly word: string;
  readonly amount: number;
}

export interface Account {
  word: string;
  sum: number;
  history: string[];
}

export interface Total {
  sum: number;
}

export const accounts = defineCollection<Account>({
  name: 'accounts',
  fields: { word: 'text', sum: 'number' },
  indexes: [['word', 'sum']],
});

export const totals = defineCollection<Total>({ name: 'totals', fields: { sum: 'number' }, indexes: [['sum']] });

const totalAccounts = { ...accounts, name: 'total_accounts' };

/** One document per stream, changed in place: the runner must hold against that. */
export const accountProjection: Projection<LedgerEvent> = {
  name: 'accounts',
  version: 1,
  types: ['added', 'closed', 'poison', 'not_a_number', 'unnamed'],
  collections: [accounts],
  onPoison: 'quarantine_stream',
  touches: ({ stream }) => [{ collection: accounts, id: stream }],
  apply: ({ type, stream, word, amount, id }, documents) => {
    if (type === 'closed') return documents.remove(accounts, stream);
    const account = documents.get(accounts, stream) ?? { word, sum: 0, history: [] };
    account.sum += amount;
    account.history.push(id);
    if (type === 'poison') throw new Error('cannot be told');
    if (type === 'not_a_number') account.sum = Number.NaN;
    documents.put(accounts, stream, account);
    if (type === 'unnamed') documents.put(accounts, 'another', account);
  },
};

/** A document fed by many streams, computed from one document per stream, which therefore comes last. */
export const totalProjection: Projection<LedgerEvent> = {
  name: 'totals',
  version: 1,
  types: ['added', 'closed', 'poison'],
  collections: [totals, totalAccounts],
  onPoison: 'stop',
  touches: ({ stream, word }) => [
    { collection: totals, id: word },
    { collection: totalAccounts, id: stream },
  ],
  apply: ({ type, stream, word, amount, id }, documents) => {
    if (type === 'poison') throw new Error('cannot be told');
    const before = documents.get(totalAccounts, stream);
    const total = documents.get(totals, word) ?? { sum: 0 };
    if (type === 'closed') {
      documents.put(totals, word, { sum: total.sum - (before?.sum ?? 0) });
      documents.remove(totalAccounts, stream);
    } else {
      documents.put(totals, word, { sum: total.sum + amount });
      const sum = (before?.sum ?? 0) + amount;
      documents.put(totalAccounts, stream, { word, sum, history: [...(before?.history ?? []), id] });
    }
  },
};

const memberTotals = { ...totals, name: 'member_totals' };
const members = { ...accounts, name: 'members' };

/** As {@link totalProjection}, but only an account's first event says its word: later ones find the total through it. */
export const memberProjection: Projection<LedgerEvent> = {
  name: 'members',
  version: 1,
  types: ['added', 'closed'],
  collections: [memberTotals, members],
  onPoison: 'stop',
  touches: ({ stream }) => [{ collection: members, id: stream }],
  alsoTouches: ({ stream, word }, documents) => [
    { collection: memberTotals, id: documents.get(members, stream)?.word ?? word },
  ],
  apply: ({ type, stream, word: told, amount, id }, documents) => {
    const before = documents.get(members, stream);
    const word = before?.word ?? told;
    const total = documents.get(memberTotals, word) ?? { sum: 0 };
    if (type === 'closed') {
      documents.put(memberTotals, word, { sum: total.sum - (before?.sum ?? 0) });
      return documents.remove(members, stream);
    }
    documents.put(memberTotals, word, { sum: total.sum + amount });
    const sum = (before?.sum ?? 0) + amount;
    documents.put(members, stream, { word, sum, history: [...(before?.history ?? []), id] });
  },
};

type Told = Partial<LedgerEvent> & Pick<LedgerEvent, 'stream'>;

/** The events as a log holds them: positions 10, 20, 30 … so that holes are there too. */
export const logOf = (told: readonly Told[]): readonly LedgerEvent[] => {
  const revisions = new Map<string, number>();
  return told.map((event, index) => {
    const revision = (revisions.get(event.stream) ?? -1) + 1;
    revisions.set(event.stream, revision);
    return {
      id: `e${index}`,
      position: BigInt(index + 1) * 10n,
      type: 'added',
      // Each account has one word, or totals could not follow from accounts.
      word: `word-${event.stream.length}`,
      amount: 1,
      ...event,
      revision,
    };
  });
};
