import type { StructureKind } from '#event-sourcing';

/** Who may emit a type: the candidate's workspace, the AI back end, this server, a reviewer. */
export type Emitter = 'candidate' | 'ai' | 'server' | 'reviewer';
/** A session's two phases as callers see them; `phaseIndex` carries the number inside a task of several phases. */
export type Phase = 'setup' | 'task';

export interface ActivityType {
  readonly emitters: readonly Emitter[];
  /** Seen in another phase it is kept, marked `outOfPhase`: evidence beats tidiness. */
  readonly phases: readonly Phase[];
  /** Fields of the caller's `data` that are structure; everything else is sealed. */
  readonly body: Readonly<Record<string, StructureKind>>;
  readonly meaning: string;
}

const C = ['candidate'] as const;
const A = ['ai'] as const;
const CA = ['candidate', 'ai'] as const;
const S = ['server'] as const;
const BOTH = ['setup', 'task'] as const;
const TASK = ['task'] as const;

const under = (prefix: string, fields: Record<string, StructureKind>): Record<string, StructureKind> =>
  Object.fromEntries(Object.entries(fields).map(([name, kind]) => [`${prefix}.${name}`, kind]));

const CHANGE = under('change', {
  artifactId: 'id',
  artifactType: 'word',
  actor: 'word',
  charsAdded: 'number',
  charsRemoved: 'number',
  beforeHash: 'hash',
  afterHash: 'hash',
  patchRef: 'id',
});
const EXEC = under('exec', {
  kind: 'word',
  exitCode: 'number',
  ok: 'boolean',
  durationMs: 'number',
  initiator: 'word',
  verify: 'boolean',
  'tests.passed': 'number',
  'tests.failed': 'number',
  'tests.skipped': 'number',
});
const USAGE = under('usage', { inputTokens: 'number', outputTokens: 'number' });
const SLIDE = { artifactId: 'id', slideId: 'id', index: 'number', actor: 'word' } as const;
const SECTION = { artifactId: 'id', sectionId: 'id', index: 'number', actor: 'word' } as const;
const FILE = { fileId: 'id', mime: 'id', bytes: 'number', sha256: 'hash' } as const;

const activity = (
  emitters: readonly Emitter[],
  phases: readonly Phase[],
  meaning: string,
  body: Readonly<Record<string, StructureKind>>,
): ActivityType => ({ emitters, phases, body, meaning });

/** The closed set of 33 types a session's events may have: the only ones A6 returns and counts. */
export const ACTIVITIES = {
  connector_browsed: activity(C, BOTH, 'The candidate looked into a connected source.', {
    connectorId: 'id',
    connectorType: 'word',
    documentId: 'id',
    resultCount: 'number',
    dwellMs: 'number',
  }),
  connector_connected: activity(C, BOTH, 'The candidate connected a data source.', {
    connectorId: 'id',
    connectorType: 'word',
    source: 'word',
  }),
  skill_uploaded: activity(C, BOTH, 'The candidate uploaded a skill for the AI.', { skillId: 'id', ...FILE }),
  skill_created: activity(C, BOTH, 'The candidate wrote a skill for the AI.', {
    skillId: 'id',
    charCount: 'number',
    sha256: 'hash',
  }),
  skill_activated: activity(C, BOTH, 'Legacy spelling of skill_enabled: accepted, never emitted by us.', {
    skillId: 'id',
  }),
  skill_enabled: activity(C, BOTH, 'The candidate switched a skill on.', { skillId: 'id' }),
  skill_disabled: activity(C, BOTH, 'The candidate switched a skill off.', { skillId: 'id' }),
  agents_md_edited: activity(C, BOTH, 'The candidate edited the instructions file of the AI.', {
    beforeHash: 'hash',
    afterHash: 'hash',
    charsAdded: 'number',
    charsRemoved: 'number',
  }),
  memory_added: activity(C, BOTH, 'The candidate gave the AI something to remember.', {
    memoryId: 'id',
    charCount: 'number',
    sha256: 'hash',
  }),
  user_message: activity(C, BOTH, 'The candidate wrote to the AI, or stated a decision.', {
    messageId: 'id',
    kind: 'word',
    charCount: 'number',
    source: 'word',
    pastedChars: 'number',
    inReplyTo: 'id',
  }),
  ai_response: activity(A, BOTH, 'The AI answered.', {
    messageId: 'id',
    inReplyTo: 'id',
    charCount: 'number',
    model: 'id',
    provider: 'id',
    promptVersion: 'id',
    latencyMs: 'number',
    stopReason: 'word',
    ...USAGE,
  }),
  ai_tool_use: activity(A, BOTH, 'The AI used a tool: searched, read, wrote, ran a command or a test.', {
    callId: 'id',
    messageId: 'id',
    tool: 'id',
    category: 'word',
    inputRef: 'id',
    outputRef: 'id',
    ok: 'boolean',
    errorCode: 'id',
    durationMs: 'number',
    ...EXEC,
    ...CHANGE,
  }),
  slash_command: activity(C, BOTH, 'The candidate gave a slash command.', { messageId: 'id', ...EXEC }),
  manual_edit: activity(C, TASK, 'The candidate changed the work by hand.', CHANGE),
  slide_added: activity(CA, TASK, 'A slide was added.', { ...SLIDE, templateId: 'id' }),
  slide_deleted: activity(CA, TASK, 'A slide was deleted.', { ...SLIDE, contentHash: 'hash' }),
  slide_reordered: activity(CA, TASK, 'A slide was moved.', { ...SLIDE, fromIndex: 'number', toIndex: 'number' }),
  section_added: activity(CA, TASK, 'A section was added.', SECTION),
  section_deleted: activity(CA, TASK, 'A section was deleted.', { ...SECTION, contentHash: 'hash' }),
  section_reordered: activity(CA, TASK, 'A section was moved.', {
    ...SECTION,
    fromIndex: 'number',
    toIndex: 'number',
  }),
  content_edited: activity(CA, TASK, 'A piece of content was edited; `change.actor` says by whom.', {
    nodeId: 'id',
    ...CHANGE,
  }),
  deliverable_downloaded: activity(C, TASK, 'The deliverable left the workspace.', {
    artifactId: 'id',
    format: 'word',
    bytes: 'number',
    sha256: 'hash',
  }),
  deliverable_reuploaded: activity(C, TASK, 'The deliverable came back from outside.', {
    artifactId: 'id',
    fileId: 'id',
    format: 'word',
    bytes: 'number',
    sha256: 'hash',
    previousSha256: 'hash',
    offlineMs: 'number',
  }),
  file_uploaded: activity(C, BOTH, 'The candidate uploaded a file.', { ...FILE, purpose: 'word' }),
  task_submitted: activity(S, TASK, 'The session was submitted, by the candidate or by the clock.', {
    trigger: 'word',
    snapshotId: 'id',
    elapsedMs: 'number',
  }),
  time_expired: activity(S, BOTH, 'A deadline passed; stamped with the deadline, not with the tick that noticed.', {
    scope: 'word',
    phaseIndex: 'number',
    deadlineAt: 'time',
    autoSubmitted: 'boolean',
  }),
  security_flag: activity(['candidate', 'server', 'reviewer'], BOTH, 'A note for a human; never a score input.', {
    code: 'word',
    severity: 'word',
    source: 'word',
    'evidence.timeRemainingReportedS': 'number',
    'evidence.timeRemainingServerS': 'number',
  }),
  ai_feedback: activity(C, TASK, 'The candidate rated an answer of the AI.', { messageId: 'id', rating: 'word' }),
  phase_advanced: activity(S, TASK, 'The next phase began with a fresh timer.', {
    fromPhaseIndex: 'number',
    toPhaseIndex: 'number',
    trigger: 'word',
    artifactId: 'id',
    deliverableSha256: 'hash',
    timeRemainingReportedS: 'number',
    timeRemainingServerS: 'number',
    deadlineAt: 'time',
  }),
  inbox_item_opened: activity(C, TASK, 'The candidate opened an inbox item.', {
    itemId: 'id',
    itemType: 'word',
    firstOpen: 'boolean',
  }),
  inbox_item_closed: activity(C, TASK, 'The candidate closed an inbox item.', {
    itemId: 'id',
    openMs: 'number',
    outcome: 'word',
  }),
  workflow_run: activity(CA, TASK, 'A workflow, command or test was run.', {
    runId: 'id',
    workflowId: 'id',
    inputRef: 'id',
    outputRef: 'id',
    ...EXEC,
    ...USAGE,
  }),
  workflow_prompt_edited: activity(C, TASK, 'The candidate edited the prompt of a workflow node.', {
    workflowId: 'id',
    nodeId: 'id',
    ...CHANGE,
  }),
} as const satisfies Record<string, ActivityType>;

export type ActivityTypeName = keyof typeof ACTIVITIES;

export const ACTIVITY_TYPES = Object.keys(ACTIVITIES) as readonly ActivityTypeName[];

/** Made by the server alone: in a caller's batch they are `forbidden_event_type`. */
export const SERVER_ACTIVITY_TYPES = ['task_submitted', 'time_expired', 'phase_advanced'] as const;
export type ServerActivityType = (typeof SERVER_ACTIVITY_TYPES)[number];

export const isActivityType = (type: string): type is ActivityTypeName => Object.hasOwn(ACTIVITIES, type);

export const isServerActivityType = (type: string): type is ServerActivityType =>
  (SERVER_ACTIVITY_TYPES as readonly string[]).includes(type);
