import { assessmentsEvents } from '#assessments';
import { candidatesEvents } from '#candidates';
import { type Fact, type LogCursors, parseStream } from '#event-sourcing';
import { organizationsEvents } from '#organizations';
import { type EventView, eventView } from './event-view.js';
import { sessionEvents } from './session.events.js';

/** What of an organization's log a caller may follow. */
export const FEED_KINDS = ['session', 'assessment', 'candidate', 'organization'] as const;
export type FeedKind = (typeof FEED_KINDS)[number];

export const FEED_TYPES: readonly string[] = [
  ...sessionEvents,
  ...assessmentsEvents,
  ...candidatesEvents,
  ...organizationsEvents,
].map(({ type }) => type);

/** A fact of something else than a session. */
export interface RecordView {
  readonly id: string;
  /** Its place in the stream of what it is about. */
  readonly seq: number;
  readonly globalSeq: string;
  readonly type: string;
  readonly v: number;
  readonly createdAt: string;
  readonly via: string;
  readonly data: object;
  /** Names and addresses were left out for this reader. */
  readonly masked?: true;
  readonly erased?: true;
}

/** `kind` and `subjectId` say what the event is about. */
export type FeedEvent = (EventView | RecordView) & { readonly kind: FeedKind; readonly subjectId: string };

export const feedEvent = (fact: Fact, cursors: LogCursors, seesNames: boolean): FeedEvent => {
  const { category, orgId, id } = parseStream(fact.stream);
  const about = { kind: category as FeedKind, subjectId: id === '' ? orgId : id };
  if (category === 'session') return { ...about, ...eventView(fact, cursors) };
  const masked = category === 'candidate' && !seesNames;
  return {
    ...about,
    id: fact.id,
    seq: fact.revision,
    globalSeq: cursors.encode(fact.position),
    type: fact.type,
    v: fact.metadata.v,
    createdAt: fact.metadata.recordedAt,
    via: fact.metadata.actor.via,
    data: masked ? {} : shown(fact.data),
    ...(masked ? { masked } : {}),
    ...(fact.erased ? { erased: true as const } : {}),
  };
};

/** By these the rooms find keys and addresses again: nothing a reader could use, and nothing to hand out. */
const INTERNAL: ReadonlySet<string> = new Set(['credential', 'claimId']);

const shown = (data: object): object =>
  Object.fromEntries(Object.entries(data).filter(([name]) => !INTERNAL.has(name)));
