import { randomUUID } from 'node:crypto';
import { EventCatalogue, type FactCodec, streamName } from '#event-sourcing';
import type { EventStore } from '#event-store';
import { isoTime } from '#platform';
import { sessionsEvents } from '#sessions';

const catalogue = new EventCatalogue(sessionsEvents);
const START = Date.parse('2026-01-05T09:00:00.000Z');
/** Sessions under way at the same time: their events lie mixed in the log. */
const SIDE_BY_SIDE = 400;

interface Told {
  readonly type: string;
  readonly data: object;
}

const message = (ordinal: number): Told => ({
  type: 'user_message',
  data: {
    callerId: randomUUID(),
    timestampMs: START + ordinal * 1_000,
    phase: 'Build',
    phaseIndex: 0,
    ordinal,
    via: 'candidate',
    body: { text: 'Please write a function that '.repeat(10) },
  },
});

const lifecycle = (number: number): { opening: Told[]; ending: Told[] } => ({
  opening: [
    {
      type: 'session_invited',
      data: {
        assessmentId: `assessment-${number % 40}`,
        candidateId: randomUUID(),
        attempt: 1,
        assessmentDueDate: isoTime(START + 864e5),
      },
    },
    { type: 'setup_started', data: { startedAt: isoTime(START), deadlineAt: isoTime(START + 6e5) } },
    { type: 'task_started', data: { startedAt: isoTime(START), phaseIndex: 0, deadlineAt: isoTime(START + 36e5) } },
  ],
  ending: [{ type: 'task_submitted', data: { timestampMs: START + 3e6, body: { trigger: 'candidate' } } }],
});

/** Sessions from invitation to submission, each with so many messages to the AI between: a log as the api writes it, sealed. */
export const writeSessions = async (
  log: EventStore,
  codec: FactCodec,
  sessions: number,
  messages: number,
): Promise<number> => {
  const writeOne = async (number: number): Promise<number> => {
    const stream = streamName('session', 'bench', randomUUID());
    const { opening, ending } = lifecycle(number);
    const told = [...opening, ...Array.from({ length: messages }, (_, ordinal) => message(ordinal)), ...ending];
    let revision: bigint | 'no_stream' = 'no_stream';
    // Openings come one by one, activity in batches, as they do from a workspace.
    const cuts = [...opening.map((_, index) => index), ...range(opening.length, told.length - 1, 20), told.length - 1];
    for (const [index, from] of cuts.entries()) {
      const batch = told.slice(from, cuts[index + 1]).map((event) => ({ ...event, id: randomUUID() }));
      const encoded = await codec.encode(catalogue, stream, batch, () => ({
        v: 1,
        recordedAt: isoTime(START + number),
        commandId: randomUUID(),
        correlationId: randomUUID(),
        causationId: null,
        actor: { kind: 'candidate', id: randomUUID(), via: 'candidate' },
      }));
      revision = (await log.append(stream, revision, encoded)).revision;
    }
    return told.length;
  };
  let events = 0;
  for (let first = 0; first < sessions; first += SIDE_BY_SIDE) {
    const some = Array.from({ length: Math.min(SIDE_BY_SIDE, sessions - first) }, (_, index) => first + index);
    for (const count of await Promise.all(some.map(writeOne))) events += count;
  }
  return events;
};

const range = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.ceil(Math.max(0, to - from) / step) }, (_, index) => from + index * step);
