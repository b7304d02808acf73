import type { CaseEvent } from '../case/case-file.js';
import { leavesOf } from '../case/evidence.js';

/** How an event is called in a prompt: its own id is the caller's text and may say anything. */
export const labelOf = ({ seq }: CaseEvent): string => `e${seq}`;

/** Names and fingerprints tell a judge nothing, and their tokens are paid for. */
const TELLS_NOTHING =
  /(?:^|\.)(?:\w*Id|\w*Ids(?:\[\d+\])?|\w*Hash|\w*[sS]ha256|hash|mime|bytes|charCount|promptVersion|stopReason|inReplyTo|inputRef|outputRef|patchRef|latencyMs|provider|usage\.\w+)$/;

const HEAD = 1_200;
const TAIL = 400;

/** The beginning and the end; a quote from what is left out is none that was read. */
export const shortened = (text: string, head = HEAD, tail = TAIL): string =>
  text.length <= head + tail ? text : `${text.slice(0, head).toWellFormed()} […] ${text.slice(-tail).toWellFormed()}`;

export const rendered = (event: CaseEvent): string => {
  const notes = [
    event.phase === 'setup' ? 'while setting up' : '',
    event.claim ? "told by the candidate's own client, nobody else vouches for it" : '',
  ].filter(Boolean);
  const lines = leavesOf(event.body)
    .filter(({ path, value }) => value !== '' && !TELLS_NOTHING.test(path))
    .map(({ path, value }) => `${path}: ${shortened(String(value))}`);
  return [`[${labelOf(event)}] ${event.type}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`, ...lines].join('\n');
};
