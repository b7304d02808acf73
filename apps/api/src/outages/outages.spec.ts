import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventStoreError } from '#event-store';
import { VerbatimError } from '#platform';
import { until } from '#platform/testing/until.js';
import { ReadStoreError } from '#read-store';
import { Outages } from './outages.js';
import { type StoreName, troubleOf } from './store-trouble.js';

const refused = () => new ReadStoreError('unavailable', 'MongoDB: connect ECONNREFUSED 127.0.0.1:27017');
const places = {
  eventLog: 'esdb://es',
  operations: 'mongodb://m/v_ops',
  readModels: 'mongodb://m/v',
  consumerGroups: '/data/consumers.db',
};

describe('the news of a store that goes away', () => {
  let lines: string[];
  let away: Set<StoreName>;
  let looks: number;
  let outages: Outages;

  beforeEach(() => {
    lines = [];
    away = new Set();
    looks = 0;
    outages = new Outages((line) => lines.push(line), 2);
    const probe = (store: StoreName) => async (): Promise<void> => {
      looks += 1;
      if (away.has(store)) throw new Error('away');
    };
    const probes = {
      eventLog: probe('eventLog'),
      operations: probe('operations'),
      readModels: probe('readModels'),
      consumerGroups: probe('consumerGroups'),
    };
    outages.watch({ probes, places });
  });
  afterEach(() => outages.end());

  const looked = (times: number) => {
    const enough = looks + times;
    return until(() => looks >= enough);
  };

  it('is one line when it goes and one when it is back, however many meet it', async () => {
    away.add('readModels');
    for (let meeting = 0; meeting < 50; meeting += 1) expect(outages.heard(refused())).toBe(true);
    await looked(5);
    expect(outages.heard(refused())).toBe(true);
    expect(lines).toEqual([
      'The read models (mongodb://m/v) are away: MongoDB: connect ECONNREFUSED 127.0.0.1:27017. ' +
        'They are asked again until that is over.',
    ]);
    away.clear();
    await until(() => lines.length > 1);
    expect(lines[1]).toBe('The read models (mongodb://m/v) are back after 0 s.');
    // What was under way when it went.
    outages.heard(refused());
    await looked(1);
    outages.heard(new EventStoreError('unavailable', 'x'));
    await until(() => lines.length > 2);
    expect(lines[2]).toMatch(/^The event log/);
  });

  it('is told of each store by itself', async () => {
    away.add('readModels').add('eventLog');
    outages.heard(refused());
    outages.heard(new EventStoreError('unavailable', 'The event store did not serve read: No connection.'));
    await until(() => lines.length === 2);
    expect(lines.toSorted()).toEqual([
      expect.stringMatching(/^The event log \(esdb:\/\/es\) is away: .* It is asked again/),
      expect.stringMatching(/^The read models .* are away/),
    ]);
  });

  it('is one line where the store is there when it is looked at: a disk may be full', async () => {
    outages.heard(new EventStoreError('unavailable', 'No room is left'));
    await until(() => lines.length > 0);
    expect(lines).toEqual(['The event log (esdb://es) failed once, and is there: No room is left.']);
  });

  it('ends with the process: what is closed is not away', async () => {
    outages.end();
    expect(outages.heard(refused())).toBe(true);
    expect(looks).toBe(0);
    expect(lines).toEqual([]);
  });
});

describe('an error', () => {
  const unavailable = (details: Record<string, string>, cause?: unknown) =>
    new VerbatimError('storage_unavailable', 'Cannot be used.', { details, cause });

  it('is about a store, also as the cause of another and among others', () => {
    expect(troubleOf(unavailable({}, refused()))?.store).toBe('readModels');
    expect(troubleOf(unavailable({ store: 'operational' }, new Error('MongoDB: it is closed')))).toEqual({
      store: 'operations',
      reason: 'MongoDB: it is closed.',
    });
    expect(troubleOf(new AggregateError([refused(), refused()]))?.store).toBe('readModels');
    expect(troubleOf(new Error('outer', { cause: new EventStoreError('unknown_outcome', 'x') }))?.store).toBe(
      'eventLog',
    );
  });

  it('about anything else is nobody’s news but its own', () => {
    expect(troubleOf(new AggregateError([refused(), new TypeError('x')]))).toBeUndefined();
    expect(troubleOf(new EventStoreError('corrupt', 'damaged'))).toBeUndefined();
    expect(troubleOf(new ReadStoreError('corrupt', 'damaged'))).toBeUndefined();
    expect(troubleOf(new VerbatimError('busy', 'Too many.'))).toBeUndefined();
    expect(troubleOf('away')).toBeUndefined();
  });
});
