import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogCursors } from '#event-sourcing';
import { CreateOrganization } from '#organizations';
import { DeleteSession } from './commands/delete-session.js';
import { RecordActivities } from './commands/record-activities.js';
import { FEED_KINDS } from './feed-view.js';
import { type FeedReader, OrganizationFeed } from './organization-feed.js';
import { SessionRecord } from './session-record.js';
import { SessionHouse } from './testing/session-house.js';

let house: SessionHouse;
let sessionId: string;
const ended: AbortController[] = [];

beforeEach(async () => {
  house = await SessionHouse.open();
  sessionId = await house.atWork();
});

afterEach(async () => {
  for (const one of ended.splice(0)) one.abort();
  await house.close();
});

const record = (...ids: string[]) => {
  const items = ids.map((id) => ({ id, type: 'user_message', timestampMs: 1, data: { content: id } }));
  return house.room.commands.execute(new RecordActivities(house.room.context(), house.orgId, sessionId, items));
};

/** The first so many of a stream that may never end. */
const take = async <Item>(source: AsyncIterator<Item>, count: number): Promise<Item[]> => {
  const items: Item[] = [];
  while (items.length < count) {
    const { done, value } = await source.next();
    if (done) break;
    items.push(value);
  }
  return items;
};

const opened = async <Item>(
  live: Promise<(signal: AbortSignal) => AsyncGenerator<Item>>,
): Promise<AsyncGenerator<Item>> => {
  const end = new AbortController();
  ended.push(end);
  return (await live)(end.signal);
};

describe('the record of a session, live', () => {
  const live = (after: number) => opened(house.room.get(SessionRecord).live(house.orgId, sessionId, after));

  it('has_no_gap_and_no_repeat_where_past_and_present_meet', async () => {
    await record('a', 'b');
    const source = await live(-1);
    const first = await take(source, 1);
    // Written after the reading began and before the reader came to it.
    await record('c');
    const rest = await take(source, 5);
    expect([...first, ...rest].map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5]);
    const next = take(source, 2);
    await record('d');
    await record('e');
    expect((await next).map(({ id }) => id)).toEqual(['d', 'e']);
  });

  it('goes_on_after_any_seq_also_one_that_is_not_there_yet', async () => {
    await record('a', 'b');
    expect(await take(await live(3), 1)).toMatchObject([{ id: 'b', seq: 4 }]);
    const ahead = take(await live(5), 1);
    await record('c', 'd');
    expect(await ahead).toMatchObject([{ id: 'd', seq: 6 }]);
  });

  it('ends_with_the_session', async () => {
    const source = await live(-1);
    await take(source, 3);
    const rest = take(source, 10);
    await house.room.commands.execute(new DeleteSession(house.room.context(), house.orgId, sessionId));
    // The deletion may be read before its stream is gone, or not at all: either way nothing else comes.
    expect((await rest).map(({ type }) => type).filter((type) => type !== 'session_deleted')).toEqual([]);
    expect(await source.next()).toEqual({ done: true, value: undefined });
  });
});

describe("an organization's feed", () => {
  const feed = () => house.room.get(OrganizationFeed);
  const reader = (more: Partial<FeedReader> = {}): FeedReader => ({
    orgId: house.orgId,
    kinds: FEED_KINDS,
    names: true,
    ...more,
  });

  const pages = async (by: FeedReader, types?: readonly string[]) => {
    const events = [];
    for (let after: string | undefined; ; ) {
      const page = await feed().page(by, { after, types }, 2);
      events.push(...page.events);
      if (!page.hasMore) return events;
      after = page.nextCursor;
    }
  };

  it('pages_through_everything_of_the_organization_in_commit_order_and_nothing_of_another', async () => {
    const other = await house.room.commands.execute(new CreateOrganization(house.room.context(), { name: 'Others' }));
    await record('a');
    const events = await pages(reader());
    expect(events.map(({ type }) => type)).toEqual([
      'organization_created',
      'api_key_issued',
      'candidate_registered',
      'assessment_counted',
      'assessment_created',
      'session_invited',
      'setup_started',
      'task_started',
      'user_message',
    ]);
    expect(new Set(events.map(({ globalSeq }) => globalSeq)).size).toBe(events.length);
    const theirs = await pages(reader({ orgId: other.organization.id }));
    expect(theirs.map(({ type }) => type)).toEqual(['organization_created', 'api_key_issued']);
  });

  it('shows_no_name_to_a_blind_reader_and_only_the_kinds_and_types_asked_for', async () => {
    await record('a');
    const masked = await pages(reader({ names: false }));
    expect(masked.find(({ kind }) => kind === 'candidate')).toMatchObject({ data: {}, masked: true });
    expect(JSON.stringify(masked)).not.toContain('jane@example.com');
    expect(JSON.stringify(await pages(reader()))).toContain('jane@example.com');
    const sessions = await pages(reader({ kinds: ['session'] }));
    expect(new Set(sessions.map(({ kind }) => kind))).toEqual(new Set(['session']));
    expect(await pages(reader(), ['user_message'])).toMatchObject([{ id: 'a', sessionId }]);
  });

  it('goes_on_live_from_a_cursor', async () => {
    await record('a', 'b');
    const [first] = await pages(reader(), ['user_message']);
    const source = await opened(feed().live(reader(), { after: first!.globalSeq }));
    expect(await take(source, 1)).toMatchObject([{ id: 'b' }]);
    const next = take(source, 1);
    await record('c');
    expect(await next).toMatchObject([{ id: 'c' }]);
  });

  it.each([
    ['from_another_log', () => new LogCursors('0190a1b2-0000-7000-8000-000000000001', async () => 1n).encode(1n)],
    ['past_its_end', () => house.room.get(LogCursors).encode(1_000_000n)],
    ['that_is_none', () => '17'],
  ])('refuses_a_cursor_%s', async (_, cursor) => {
    await expect(feed().page(reader(), { after: cursor() }, 10)).rejects.toMatchObject({ code: 'invalid_cursor' });
    await expect(feed().live(reader(), { after: cursor() })).rejects.toMatchObject({ code: 'invalid_cursor' });
  });
});
