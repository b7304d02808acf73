export type Fields = Readonly<Record<string, unknown>>;

/** A line of a session's export: as much of it as statistics need. */
export interface RecordedEvent {
  readonly seq: number;
  readonly type: string;
  readonly timestampMs: number;
  readonly createdAt: string;
  /** Null for facts of the session's life. */
  readonly phase: string | null;
  readonly via: string;
  readonly data: Fields;
  readonly late?: true;
}

export const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;

const BY_HAND = ['manual_edit', 'workflow_prompt_edited', 'deliverable_reuploaded'];
const BY_EITHER = /^(content_edited|(slide|section)_(added|deleted|reordered))$/;
const IN_PLACE = ['manual_edit', 'workflow_prompt_edited', 'content_edited', 'ai_tool_use'];

/** Who changed the work with this event; undefined: nobody. */
export function changerOf({ type, data, via }: RecordedEvent): 'candidate' | 'ai' | undefined {
  if (BY_HAND.includes(type)) return 'candidate';
  if (type === 'ai_tool_use') return fieldsOf(data['change']) && 'ai';
  if (!BY_EITHER.test(type)) return undefined;
  const named = data['actor'] ?? fieldsOf(data['change'])?.['actor'];
  if (named === 'ai' || named === 'candidate') return named;
  return via === 'runtime' ? 'ai' : 'candidate';
}

/** What was edited, where edits come as keystrokes. */
export function editedNode({ type, data }: RecordedEvent): string | undefined {
  if (!IN_PLACE.includes(type)) return undefined;
  const artifactId = fieldsOf(data['change'])?.['artifactId'] ?? data['artifactId'];
  const names = [data['nodeId'], data['targetPath'], artifactId];
  const kind = names.findIndex((name) => typeof name === 'string' && name.length > 0);
  return kind < 0 ? undefined : JSON.stringify([kind, names[kind]]);
}

/** What was run. */
export const runOf = ({ type, data }: RecordedEvent): Fields | undefined =>
  ['ai_tool_use', 'slash_command', 'workflow_run'].includes(type) ? fieldsOf(data['exec']) : undefined;

const OF_NOBODY = ['task_submitted', 'time_expired', 'phase_advanced', 'security_flag', 'ai_response', 'ai_tool_use'];

/** Whether the candidate did something. */
export function isByCandidate(event: RecordedEvent): boolean {
  if (event.phase === null || OF_NOBODY.includes(event.type)) return false;
  if (event.type === 'workflow_run') {
    const who = runOf(event)?.['initiator'];
    return who === 'candidate' || (who !== 'ai' && event.via !== 'runtime');
  }
  return changerOf(event) !== 'ai';
}

/** Whether a source was looked up. */
export const isLookedUp = ({ type, data, phase }: RecordedEvent): boolean =>
  type === 'inbox_item_opened' ||
  (type === 'connector_browsed' &&
    phase === 'task' &&
    typeof data['documentId'] === 'string' &&
    data['documentId'] !== '');
