import { type Body, isSourceOpened, recordOf, type Told } from '#sessions';
import type { JudgedEvent } from '../judgement.js';
import { nameOf } from './names.js';

/**
 * Which things an event is about, as recorded. Names are compared here and never read, so what blinding or cleaning makes
 * of them may not make two into one, or one into none.
 */
export interface About {
  /** The file or deck that was changed, if it was: a slide added to what the AI made is a correction of it too. */
  readonly changed: string | null;
  /** The document or inbox item that was opened. */
  readonly source: string | null;
  readonly skill: string | null;
}

export const aboutOf = ({ type, phase, via, data }: JudgedEvent): About => {
  const body = data as Body;
  const told: Told = { type: type as Told['type'], body, via };
  return {
    changed: named(recordOf(body.change).artifactId ?? body.artifactId ?? body.targetPath ?? body.nodeId),
    source: isSourceOpened(told, phase) ? `${type} ${nameOf(body.documentId ?? body.itemId)}` : null,
    skill: named(body.skillId),
  };
};

const named = (name: unknown): string | null => (typeof name === 'string' && name !== '' ? name : null);
