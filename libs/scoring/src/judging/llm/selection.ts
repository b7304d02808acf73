import type { CaseEvent, CaseFile } from '../case/case-file.js';
import { spread } from '../finding.js';
import { labelOf, rendered, shortened } from './rendering.js';

/**
 * What of a long session is shown. Of the room there is, four tenths are for what was handed in, three for the candidate's
 * own words, and the rest for the AI's answers and for everything else; what one does not use goes to the next. Where a kind
 * does not fit, events are taken evenly from its first to its last: no part of the session is preferred, and none is found
 * by flooding it. Which ones follows from the session alone.
 */
export interface Shown {
  readonly text: string;
  readonly events: ReadonlyMap<string, CaseEvent>;
  /** Told to the judge, so that it does not take what it cannot see for missing. */
  readonly note: string;
}

const SHARES = { deliverables: 0.4, words: 0.3, answers: 0.15, rest: 0.15 } as const;

const WORDS = new Set([
  'user_message',
  'ai_feedback',
  'agents_md_edited',
  'memory_added',
  'skill_created',
  'slash_command',
]);

export const shownOf = (file: CaseFile, room: number): Shown => {
  const groups: Record<'words' | 'answers' | 'rest', CaseEvent[]> = { words: [], answers: [], rest: [] };
  for (const event of file.events)
    groups[WORDS.has(event.type) ? 'words' : event.type === 'ai_response' ? 'answers' : 'rest'].push(event);
  const deliverables = deliverablesIn(file, room * SHARES.deliverables);
  let left = room * SHARES.deliverables - lengthOf(deliverables.map(({ text }) => text));
  const picked: { readonly event: CaseEvent; readonly text: string }[] = [];
  for (const name of ['words', 'answers', 'rest'] as const) {
    const budget = left + room * SHARES[name];
    const fitting = whatFits(groups[name], budget);
    picked.push(...fitting);
    left = budget - lengthOf(fitting.map(({ text }) => text));
  }
  picked.sort((a, b) => a.event.seq - b.event.seq);
  const events = new Map([...picked, ...deliverables].map(({ event }) => [labelOf(event), event]));
  return {
    text: [...picked, ...deliverables].map(({ text }) => text).join('\n\n'),
    events,
    note:
      picked.length === file.events.length
        ? `All ${picked.length} events are shown; long texts are shortened to their beginning and end.`
        : `${picked.length} of ${file.events.length} events are shown, taken evenly from the whole session; what is not shown is not missing.`,
  };
};

const lengthOf = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + text.length + 2, 0);

const deliverablesIn = ({ deliverables }: CaseFile, room: number) => {
  const each = Math.floor(room / Math.max(1, deliverables.length)) - 120;
  return deliverables
    .filter(({ text }) => text !== '')
    .map(({ event, phaseIndex, text }) => ({
      event,
      text: `[${labelOf(event)}] deliverable of phase ${phaseIndex}\n${shortened(text, Math.floor(each * 0.75), Math.floor(each * 0.25))}`,
    }));
};

/** Rendered once each; as many as fit, evenly. */
const whatFits = (events: readonly CaseEvent[], room: number) => {
  const all = events.map((event) => ({ event, text: rendered(event) }));
  let count = all.length;
  let chosen = all;
  while (count > 0 && lengthOf(chosen.map(({ text }) => text)) > room) {
    count = Math.min(count - 1, Math.floor((count * room) / lengthOf(chosen.map(({ text }) => text))));
    chosen = count <= 0 ? [] : spread(all, count);
  }
  return chosen;
};
