import { type Body, isRecord } from '#sessions';
import type {
  JudgedAssessment,
  JudgedEvent,
  JudgedRubric,
  JudgedSnapshot,
  JudgingFlag,
  JudgingInput,
} from '../judgement.js';
import { atOnce, type Steps } from '../turns.js';
import { type About, aboutOf } from './about.js';
import { Blinder } from './blinding.js';
import { quotableOf, standsIn } from './evidence.js';
import { scanningApart } from './file-names.js';
import { flagOf, type Suspicion } from './suspicion.js';

/** An event of the case: blinded, and without passages that address the judge. */
export interface CaseEvent {
  readonly id: string;
  readonly seq: number;
  readonly type: string;
  readonly phase: 'setup' | 'task' | null;
  readonly via: string | undefined;
  readonly claim: boolean;
  readonly about: About;
  readonly body: Body;
}

/** A text of the work with the event that it is cited by. */
export interface CaseText {
  readonly event: CaseEvent;
  readonly text: string;
}

export interface CaseDeliverable extends CaseText {
  readonly phaseIndex: number;
  /** What it says, without what its files and parts are called. */
  readonly prose: string;
}

/** All that a judge may see, prepared once: what is not in here takes part in no score. */
export interface CaseFile {
  readonly rubric: JudgedRubric;
  readonly assessment: JudgedAssessment;
  readonly snapshot: JudgedSnapshot;
  readonly events: readonly CaseEvent[];
  readonly deliverables: readonly CaseDeliverable[];
  readonly flags: readonly JudgingFlag[];
  /** Whether the quote stands in the event as it was recorded (blinded), or in the deliverable that it submitted. */
  quoteStands(event: CaseEvent, quote: string): boolean;
}

/** Notes for a human, the clock, and the frame of the session: nothing that the candidate or the AI did. */
const NO_WORK = new Set(['security_flag', 'time_expired', 'phase_advanced']);
/** Said by what carries the AI's words; from the candidate's own client they are its claim. */
const OF_THE_AI = new Set(['ai_response', 'ai_tool_use']);
/** Nothing but their text: without it they are no act. */
const WORDS_ALONE = new Set([
  'user_message',
  'ai_response',
  'memory_added',
  'skill_created',
  'agents_md_edited',
  'ai_feedback',
]);

export const openCase = (input: JudgingInput): CaseFile => atOnce(opening(input));

/** In steps, since a candidate decides how much there is to read. */
export function* opening(input: JudgingInput): Steps<CaseFile> {
  const { rubric, assessment, snapshot } = input;
  const blinder = new Blinder(input.person);
  const suspicions: Suspicion[] = [];
  const recorded = new Map<CaseEvent, JudgedEvent>();
  const gone = new Set<string>();
  const events: CaseEvent[] = [];
  for (const event of input.events) {
    yield;
    if (!counts(event, snapshot.atSeq)) continue;
    const about = aboutOf(event);
    const blind = { ...event, data: blinder.value(event.data) };
    const { body, signs } = yield* cleaning(blind.data as Body);
    if (signs.length > 0) {
      suspicions.push({ eventId: event.id, signs });
      if (WORDS_ALONE.has(event.type) && !saysSomething(body)) {
        if (about.skill !== null) gone.add(about.skill);
        continue;
      }
    }
    // A skill that was nothing but an attempt is none when it is switched on either.
    if (about.skill !== null && gone.has(about.skill)) continue;
    const kept = caseEvent(blind, body, about);
    recorded.set(kept, blind);
    events.push(kept);
  }
  const texts = yield* readingDeliverables(input, events, blinder, suspicions);
  return {
    rubric,
    assessment,
    snapshot,
    events,
    deliverables: texts.map(({ clean, ...rest }) => ({ ...rest, text: clean })),
    flags: flagOf(suspicions),
    quoteStands: (event, quote) => {
      const blind = recorded.get(event);
      const submitted = texts.filter((text) => text.event === event).map(({ text }) => text);
      return blind !== undefined && standsIn([...quotableOf(blind), ...submitted], quote);
    },
  };
}

const counts = ({ phase, type, seq, late, erased }: JudgedEvent, atSeq: number): boolean =>
  phase !== null && seq <= atSeq && late !== true && erased !== true && !NO_WORK.has(type);

const caseEvent = ({ id, seq, type, phase, via, claim }: JudgedEvent, body: Body, about: About): CaseEvent => ({
  id,
  seq,
  type,
  phase,
  via,
  claim: claim === true || (via === 'candidate' && OF_THE_AI.has(type)),
  about,
  body,
});

function* cleaning(body: Body): Steps<{ readonly body: Body; readonly signs: readonly string[] }> {
  const signs = new Set<string>();
  function* inside(value: unknown): Steps<unknown> {
    if (typeof value === 'string') {
      // Too short to ask for anything.
      if (value.length < 8) return value;
      const { clean, signs: found } = yield* scanningApart(value);
      for (const sign of found) signs.add(sign);
      return clean;
    }
    if (Array.isArray(value)) {
      const items: unknown[] = [];
      for (const item of value) items.push(yield* inside(item));
      return items;
    }
    if (!isRecord(value)) return value;
    const entries: [string, unknown][] = [];
    for (const [key, item] of Object.entries(value)) entries.push([key, yield* inside(item)]);
    return Object.fromEntries(entries);
  }
  // The recording's original says again what the other fields say, and is shown to no judge.
  const { raw: _, ...told } = body;
  const clean = (yield* inside(told)) as Record<string, unknown>;
  if (signs.size > 0 && typeof clean.content === 'string') clean.charCount = clean.content.length;
  return { body: clean, signs: [...signs].sort() };
}

const TEXT_FIELDS = ['content', 'patch', 'reason', 'text', 'args'] as const;

const saysSomething = (body: Body): boolean =>
  TEXT_FIELDS.some((name) => typeof body[name] === 'string' && /[\p{L}\p{N}].*[\p{L}\p{N}]/su.test(body[name]));

interface DeliverableText extends CaseText {
  readonly phaseIndex: number;
  readonly clean: string;
  readonly prose: string;
}

/** They are cited by the event that submitted them. */
function* readingDeliverables(
  { deliverables }: JudgingInput,
  events: readonly CaseEvent[],
  blinder: Blinder,
  suspicions: Suspicion[],
): Steps<DeliverableText[]> {
  const submission = events.findLast(({ type }) => type === 'task_submitted') ?? events.at(-1);
  if (!submission) return [];
  const texts: DeliverableText[] = [];
  for (const { phaseIndex, text, prose } of deliverables) {
    const blind = blinder.text(text);
    const { clean, signs } = yield* scanningApart(blind);
    if (signs.length > 0) suspicions.push({ eventId: submission.id, signs });
    const read = yield* scanningApart(blinder.text(prose));
    texts.push({ event: submission, phaseIndex, text: blind, clean, prose: read.clean });
  }
  return texts;
}
