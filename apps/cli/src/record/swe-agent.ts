import { createHash } from 'node:crypto';
import { Collector } from './collector.js';
import { isObject, type JsonObject, type Recording, type RecordingReader, textOf } from './recording.js';
import { categoryOf, execOf, fileChange } from './tools.js';

/** Commands of the agent's own file viewer; everything else it does is a shell command. */
const VIEWER = new Set([
  'open',
  'goto',
  'scroll_up',
  'scroll_down',
  'create',
  'edit',
  'find_file',
  'search_file',
  'search_dir',
  'submit',
]);

const REJECTED_EDIT = /^Your proposed edit has introduced new syntax error/;
/** Outcomes the shell itself states; the format keeps no exit codes and none are made up. */
const FAILED_COMMAND =
  /^(Traceback \(most recent call last\)|EXECUTION TIMED OUT|\S*(bash|sh): .*(command not found|No such file))/m;

/** A trajectory of an agent that mends code: thoughts, actions and what came back. No wall-clock times. */
class Trajectory {
  private readonly into: Collector;
  private elapsedMs = 0;
  private openFile: string | undefined;
  private lastPrompt: string | undefined;

  constructor(private readonly file: JsonObject) {
    const identity = JSON.stringify(file['history'] ?? file['trajectory']);
    this.into = new Collector(
      'swe-agent-trajectory',
      `swe-${createHash('sha256').update(identity).digest('hex').slice(0, 24)}`,
    );
  }

  read(): Recording {
    this.task();
    const steps = Array.isArray(this.file['trajectory']) ? this.file['trajectory'] : [];
    for (const [index, step] of steps.entries())
      if (isObject(step) && typeof step['action'] === 'string') this.step(index + 1, step, step['action']);
      else this.into.fail(`step ${index + 1}`, 'no action');
    const info = isObject(this.file['info']) ? this.file['info'] : {};
    for (const name of Object.keys(this.file))
      if (!['trajectory', 'history', 'info'].includes(name)) this.into.skip(name, 'a setting of the run');
    const submission = textOf(info['submission']);
    return this.into.done(submission === undefined ? null : { submission, exitStatus: info['exit_status'], info });
  }

  /** What the agent was told before its first action; its later messages repeat the steps. */
  private task(): void {
    const history = Array.isArray(this.file['history']) ? this.file['history'].filter(isObject) : [];
    const firstAnswer = history.findIndex((message) => message['role'] === 'assistant');
    const told = firstAnswer < 0 ? history : history.slice(0, firstAnswer);
    for (const [index, message] of told.entries()) {
      const content = contentOf(message['content']);
      const where = `history ${index + 1}`;
      if (message['role'] === 'system') this.into.skip(where, 'the system prompt');
      else if (message['is_demo'] === true) this.into.skip(where, 'a demonstration of another task');
      else {
        this.lastPrompt = `task-${index + 1}`;
        this.into.add(0, 'user_message', null, {
          messageId: this.lastPrompt,
          kind: 'prompt',
          content,
          charCount: content.length,
          raw: message,
        });
      }
    }
    if (firstAnswer >= 0)
      this.into.skip(`history ${firstAnswer + 1}–${history.length}`, 'messages that repeat the steps');
  }

  private step(number: number, step: JsonObject, action: string): void {
    const thought = textOf(step['thought'])?.trim() || textOf(step['response'])?.trim() || '';
    const seconds = Number(step['execution_time']);
    const durationMs = Number.isFinite(seconds) ? Math.round(seconds * 1000) : undefined;
    if (thought !== '')
      this.into.add(
        number,
        'ai_response',
        null,
        { messageId: `step-${number}`, inReplyTo: this.lastPrompt, content: thought, charCount: thought.length },
        this.elapsedMs,
      );
    const observation = textOf(step['observation']) ?? '';
    const tool = /^\S+/.exec(action)?.[0] ?? 'none';
    const isViewer = VIEWER.has(tool);
    const command = isViewer ? undefined : action.trim();
    const ok = isViewer ? !REJECTED_EDIT.test(observation) : FAILED_COMMAND.test(observation) ? false : undefined;
    const change = this.change(tool, action, ok === true);
    this.into.add(
      number,
      'ai_tool_use',
      null,
      {
        callId: `step-${number}`,
        messageId: thought === '' ? undefined : `step-${number}`,
        tool: isViewer ? tool : 'shell',
        category: categoryOf(tool, command),
        ok,
        durationMs,
        exec: command === undefined ? undefined : execOf(command, { ok, durationMs }),
        change,
        raw: step,
      },
      this.elapsedMs,
    );
    this.elapsedMs += durationMs ?? 0;
    this.openFile = openFileOf(step['state']) ?? this.openFile;
  }

  private change(tool: string, action: string, ok: boolean): JsonObject | undefined {
    if (!ok) return undefined;
    if (tool === 'create') return fileChange(action.slice('create'.length).trim(), '', undefined);
    if (tool !== 'edit' || this.openFile === undefined) return undefined;
    const added = action.slice(action.indexOf('\n') + 1).replace(/\n?end_of_edit\s*$/, '');
    return fileChange(this.openFile, added, undefined);
  }
}

const contentOf = (content: unknown): string =>
  typeof content === 'string'
    ? content
    : Array.isArray(content)
      ? content.map((block) => (isObject(block) ? (textOf(block['text']) ?? '') : '')).join('\n')
      : '';

/** The state is JSON in a text, in one version with single quotes. */
function openFileOf(state: unknown): string | undefined {
  const path = /['"]open_file['"]: ?['"]([^'"]+)['"]/.exec(
    typeof state === 'string' ? state : JSON.stringify(state ?? ''),
  )?.[1];
  return path === 'n/a' ? undefined : path;
}

const parsed = (text: string): JsonObject | undefined => {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const file: unknown = JSON.parse(text);
    return isObject(file) && Array.isArray(file['trajectory']) ? file : undefined;
  } catch {
    return undefined;
  }
};

export const sweAgentReader: RecordingReader = {
  format: 'swe-agent-trajectory',
  recognises: (text) => parsed(text) !== undefined,
  read: (text) => new Trajectory(parsed(text) ?? {}).read(),
};
