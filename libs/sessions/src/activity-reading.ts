import type { ActivityTypeName } from './activity.types.js';

export type Body = Readonly<Record<string, unknown>>;

/** Who changed something. */
export type Side = 'candidate' | 'ai';

/** What a metric or a score needs to know of an activity's place, beside its body. */
export interface Told {
  readonly type: ActivityTypeName;
  readonly body: Body;
  /** Which door it came by: says who acted where the body does not. */
  readonly via: unknown;
}

export const isRecord = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const NOTHING: Body = {};
export const recordOf = (value: unknown): Body => (isRecord(value) ? value : NOTHING);

/** `hand`, `tool`: always the candidate, always the AI. `actor`: the body says. */
type Author = 'hand' | 'tool' | 'actor';

/**
 * How a change is counted. `edit`: text edited in place, where keystrokes come in bursts. `act`: one deliberate act, such
 * as a slide added, that is never taken together with another.
 */
const CHANGES: Partial<Record<ActivityTypeName, { readonly by: Author; readonly as: 'edit' | 'act' }>> = {
  manual_edit: { by: 'hand', as: 'edit' },
  workflow_prompt_edited: { by: 'hand', as: 'edit' },
  content_edited: { by: 'actor', as: 'edit' },
  ai_tool_use: { by: 'tool', as: 'edit' },
  slide_added: { by: 'actor', as: 'act' },
  slide_deleted: { by: 'actor', as: 'act' },
  slide_reordered: { by: 'actor', as: 'act' },
  section_added: { by: 'actor', as: 'act' },
  section_deleted: { by: 'actor', as: 'act' },
  section_reordered: { by: 'actor', as: 'act' },
  deliverable_reuploaded: { by: 'hand', as: 'act' },
};

export interface Change {
  readonly side: Side;
  /** What was edited; null when it is unknown, or when this is no edit that could be part of a burst. */
  readonly node: string | null;
}

/** The change an activity made; undefined: none. */
export const changeOf = (told: Told): Change | undefined => {
  const kind = CHANGES[told.type];
  if (!kind) return undefined;
  const { body } = told;
  if (kind.by === 'tool' && !isRecord(body.change)) return undefined;
  const side = kind.by === 'hand' ? 'candidate' : kind.by === 'tool' ? 'ai' : actorOf(told);
  return { side, node: kind.as === 'edit' ? nodeOf(body) : null };
};

const actorOf = ({ body, via }: Told): Side => {
  const actor = body.actor ?? recordOf(body.change).actor;
  if (actor === 'candidate' || actor === 'ai') return actor;
  return via === 'runtime' ? 'ai' : 'candidate';
};

const nodeOf = (body: Body): string | null => {
  const { artifactId } = recordOf(body.change);
  const named = { nodeId: body.nodeId, targetPath: body.targetPath, artifactId: artifactId ?? body.artifactId };
  for (const [kind, name] of Object.entries(named))
    if (typeof name === 'string' && name !== '') return `${kind} ${name}`;
  return null;
};

const RUNNING: ReadonlySet<ActivityTypeName> = new Set(['ai_tool_use', 'slash_command', 'workflow_run']);

/** The command, test or workflow that an activity ran. */
export const execOf = ({ type, body }: Told): Body | undefined =>
  RUNNING.has(type) && isRecord(body.exec) ? body.exec : undefined;

/** The server's own facts, notes for a human, and what the AI does. */
const NOT_OF_THE_CANDIDATE: ReadonlySet<ActivityTypeName> = new Set([
  'task_submitted',
  'time_expired',
  'phase_advanced',
  'security_flag',
  'ai_response',
  'ai_tool_use',
]);

/** Whether the candidate acted: what ends a run of AI changes. */
export const isCandidateAction = (told: Told): boolean => {
  if (NOT_OF_THE_CANDIDATE.has(told.type)) return false;
  if (told.type === 'workflow_run') {
    const { initiator } = recordOf(told.body.exec);
    return initiator === 'candidate' || (initiator !== 'ai' && told.via !== 'runtime');
  }
  return changeOf(told)?.side !== 'ai';
};

export const isPrompt = ({ type, body, via }: Told): boolean =>
  type === 'user_message' &&
  (body.kind === undefined || body.kind === null || body.kind === 'prompt') &&
  (body.actor === undefined || body.actor === null || body.actor === 'candidate') &&
  via !== 'system' &&
  typeof body.charCount === 'number' &&
  body.charCount > 0;

/** A document of a connected source during the task, or an item of the inbox. */
export const isSourceOpened = ({ type, body }: Told, phase: unknown): boolean =>
  type === 'inbox_item_opened' ||
  (type === 'connector_browsed' && phase !== 'setup' && typeof body.documentId === 'string' && body.documentId !== '');
