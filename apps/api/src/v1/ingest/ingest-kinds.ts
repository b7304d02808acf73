import { createHash } from 'node:crypto';
import { basename, extname } from 'node:path';
import { type Data, flagIn, known, numberIn, recordIn, textIn } from './data-fields.js';

/** What a coding tool calls what it saw. */
export const KINDS = [
  'prompt',
  'ai_response',
  'file_diff',
  'file_create',
  'command',
  'test_run',
  'git_action',
  'decision_event',
  'session_start',
  'session_end',
  'checkpoint',
] as const;
export type Kind = (typeof KINDS)[number];

/** Kinds that are activity; the others steer the session or say nothing that is kept. */
export type ActivityKind = Exclude<Kind, 'session_start' | 'session_end' | 'checkpoint'>;

const AI_WORDS = ['ai', 'assistant', 'agent', 'model'];
export const ACTORS = ['human', 'candidate', 'user', ...AI_WORDS] as const;

export interface Activity {
  readonly type: string;
  readonly data: Data;
}

type Side = 'candidate' | 'ai';

/** Which of the 33 types it is, and the fields that metrics and scorers use; all else stays in the original. */
export const activityOf = (kind: ActivityKind, data: Data, actor: string | null | undefined): Activity => {
  const side: Side = actor !== null && actor !== undefined && AI_WORDS.includes(actor) ? 'ai' : 'candidate';
  switch (kind) {
    case 'prompt':
      return message(data, 'prompt', textIn(data, 'content', 'text', 'prompt', 'message'), side);
    case 'decision_event':
      return message(data, 'decision', decisionIn(data), side);
    case 'ai_response':
      return { type: 'ai_response', data: responseIn(data) };
    case 'file_diff':
    case 'file_create':
      return edit(data, side);
    case 'command':
      return run(
        { ...execIn(data, side), kind: 'command', label: textIn(data, 'command', 'cmd', 'label') },
        data,
        side,
      );
    case 'git_action':
      return run({ ...execIn(data, side), kind: 'command', label: gitLabel(data) }, data, side);
    case 'test_run': {
      const label = textIn(data, 'command', 'cmd', 'label', 'framework');
      return run({ ...execIn(data, side), kind: 'test', label, ...testsIn(data) }, data, side);
    }
  }
};

/** What the AI said to itself is no prompt of the candidate's: its actor says so, and nothing counts it. */
const message = (data: Data, kind: 'prompt' | 'decision', content: string | undefined, side: Side): Activity => ({
  type: 'user_message',
  data: known({
    messageId: textIn(data, 'messageId', 'message_id'),
    kind,
    content,
    charCount: content === undefined ? numberIn(data, 'charCount', 'char_count') : undefined,
    source: textIn(data, 'source'),
    actor: side === 'ai' ? 'ai' : undefined,
  }),
});

const decisionIn = (data: Data): string | undefined => {
  const said = [textIn(data, 'content', 'text', 'decision', 'summary'), textIn(data, 'rationale', 'reason')];
  return said.filter((text) => text !== undefined).join('\n') || undefined;
};

const responseIn = (data: Data): Data => {
  const content = textIn(data, 'content', 'text', 'response', 'message');
  const usage = recordIn(data, 'usage') ?? data;
  return known({
    messageId: textIn(data, 'messageId', 'message_id'),
    inReplyTo: textIn(data, 'inReplyTo', 'in_reply_to'),
    content,
    charCount: content === undefined ? numberIn(data, 'charCount', 'char_count') : undefined,
    model: textIn(data, 'model'),
    provider: textIn(data, 'provider'),
    usage: known({
      inputTokens: numberIn(usage, 'inputTokens', 'input_tokens'),
      outputTokens: numberIn(usage, 'outputTokens', 'output_tokens'),
    }),
    latencyMs: numberIn(data, 'latencyMs', 'latency_ms', 'durationMs', 'duration_ms'),
    stopReason: textIn(data, 'stopReason', 'stop_reason'),
  });
};

const edit = (data: Data, side: Side): Activity => {
  const path = textIn(data, 'path', 'filePath', 'file_path', 'file', 'filename') ?? '';
  const diff = textIn(data, 'diff', 'patch');
  const after = textIn(data, 'content', 'after', 'newContent', 'new_content');
  const before = textIn(data, 'before', 'oldContent', 'old_content');
  const change = known({
    // Of one path there is one artifact, so that edits of one file belong together.
    artifactId: `file-${createHash('sha256').update(path).digest('hex').slice(0, 16)}`,
    artifactType: extname(basename(path)).slice(1).toLowerCase() || 'file',
    actor: side,
    charsAdded: numberIn(data, 'charsAdded', 'chars_added') ?? diffChars(diff, '+') ?? after?.length,
    charsRemoved: numberIn(data, 'charsRemoved', 'chars_removed') ?? diffChars(diff, '-') ?? before?.length,
  });
  const at = { targetPath: path || undefined, change };
  if (side === 'candidate') return { type: 'manual_edit', data: known(at) };
  const tool = { callId: callIn(data), tool: textIn(data, 'tool') ?? 'edit', category: 'write' };
  return { type: 'ai_tool_use', data: known({ ...tool, ok: flagIn(data, 'ok', 'success'), ...at }) };
};

/** Characters of the lines a unified diff adds or takes away. */
const diffChars = (diff: string | undefined, sign: '+' | '-'): number | undefined =>
  diff
    ?.split('\n')
    .filter((line) => line.startsWith(sign) && !line.startsWith(`${sign.repeat(3)} `))
    .reduce((sum, line) => sum + line.length - 1, 0);

const run = (exec: Data, data: Data, side: Side): Activity => {
  const { kind, ok, durationMs } = exec as { kind: string; ok?: boolean; durationMs?: number };
  if (side === 'candidate')
    return { type: 'workflow_run', data: known({ runId: textIn(data, 'runId', 'run_id'), exec: known(exec) }) };
  const tool = { callId: callIn(data), tool: textIn(data, 'tool') ?? 'shell', category: kind, ok, durationMs };
  return { type: 'ai_tool_use', data: known({ ...tool, exec: known(exec) }) };
};

/** Only what was said: an outcome nobody told is left open. */
const execIn = (data: Data, side: Side): Data => {
  const exitCode = numberIn(data, 'exitCode', 'exit_code');
  return {
    exitCode,
    ok: flagIn(data, 'ok', 'success') ?? (exitCode === undefined ? undefined : exitCode === 0),
    durationMs: numberIn(data, 'durationMs', 'duration_ms'),
    initiator: side,
  };
};

const testsIn = (data: Data): Data => {
  const counts = recordIn(data, 'tests') ?? data;
  const failed = numberIn(counts, 'failed', 'failures');
  const skipped = numberIn(counts, 'skipped');
  const total = numberIn(counts, 'total');
  const rest = total === undefined || failed === undefined ? undefined : total - failed - (skipped ?? 0);
  const tests = known({ passed: numberIn(counts, 'passed') ?? rest, failed, skipped });
  return Object.keys(tests).length > 0 ? { tests } : {};
};

const gitLabel = (data: Data): string => {
  const said = textIn(data, 'command', 'cmd', 'label');
  return said ?? `git ${textIn(data, 'action', 'operation') ?? 'action'}`;
};

const callIn = (data: Data): string | undefined => textIn(data, 'callId', 'call_id');
