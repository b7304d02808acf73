import { Collector } from './collector.js';
import { jsonLines, type Line, someLine, timeOf } from './lines.js';
import { isObject, type JsonObject, type Recording, type RecordingReader, textOf } from './recording.js';
import { categoryOf, execOf, fileChange } from './tools.js';

interface Call {
  readonly line: Line;
  readonly payload: JsonObject;
  readonly raw: JsonObject[];
}

interface Outcome {
  readonly exitCode: number | undefined;
  readonly durationMs: number | undefined;
}

/** The log of another such tool: response items, and event messages that repeat them for a screen. */
class CodexCliLog {
  private readonly into = new Collector('codex-cli-log', 'codex-cli');
  private readonly calls = new Map<string, Call>();
  private reasoning: Line[] = [];
  private model: string | undefined;
  private provider: string | undefined;
  private lastPrompt: string | undefined;

  read(text: string): Recording {
    for (const line of jsonLines(text, this.into)) {
      const payload = line.entry['payload'];
      const type = textOf(line.entry['type']);
      if (!isObject(payload) || type === undefined) this.into.fail(line.number, 'no type or no payload');
      else if (type === 'response_item') this.item(line, payload);
      else this.aside(line, type, payload);
    }
    for (const call of this.calls.values()) this.tool(call, undefined);
    for (const { number } of this.reasoning) this.into.skip(number, 'reasoning that nothing follows');
    return this.into.done();
  }

  /** Lines that are nobody's action. */
  private aside(line: Line, type: string, payload: JsonObject): void {
    if (type === 'session_meta') {
      this.into.named(textOf(payload['id']));
      this.provider = textOf(payload['model_provider']);
    }
    if (type === 'turn_context') this.model = textOf(payload['model']);
    const kind = textOf(payload['type']);
    this.into.skip(line.number, kind ? `${type} ${kind}` : type);
  }

  private item(line: Line, payload: JsonObject): void {
    switch (payload['type']) {
      case 'message':
        this.message(line, payload);
        break;
      case 'reasoning':
        this.reasoning.push(line);
        break;
      case 'function_call':
      case 'custom_tool_call':
      case 'local_shell_call':
        this.call(line, payload);
        break;
      case 'function_call_output':
      case 'custom_tool_call_output':
        this.result(line, payload);
        break;
      default:
        this.into.skip(line.number, `response_item ${String(payload['type'])}`);
    }
  }

  private message(line: Line, payload: JsonObject): void {
    const blocks = Array.isArray(payload['content']) ? payload['content'].filter(isObject) : [];
    const content = blocks
      .map((block) => textOf(block['text']))
      .filter((text) => text !== undefined)
      .join('\n');
    const at = timeOf(line.entry['timestamp']);
    if (payload['role'] === 'assistant') {
      this.into.add(line.number, 'ai_response', at, {
        messageId: `line-${line.number}`,
        inReplyTo: this.lastPrompt,
        content,
        charCount: content.length,
        model: this.model,
        provider: this.provider,
        raw: [...this.takeReasoning(), line.entry],
      });
    } else if (payload['role'] === 'user' && !/^<(environment_context|user_instructions)>/.test(content)) {
      this.lastPrompt = `line-${line.number}`;
      this.into.add(line.number, 'user_message', at, {
        messageId: this.lastPrompt,
        kind: 'prompt',
        content,
        charCount: content.length,
        raw: line.entry,
      });
    } else this.into.skip(line.number, `message the tool wrote itself (${String(payload['role'])})`);
  }

  private takeReasoning(): JsonObject[] {
    return this.reasoning.splice(0).map((line) => line.entry);
  }

  private call(line: Line, payload: JsonObject): void {
    const call = { line, payload, raw: [...this.takeReasoning(), line.entry] };
    const id = textOf(payload['call_id']);
    if (id === undefined) this.tool(call, undefined);
    else this.calls.set(id, call);
  }

  private result(line: Line, payload: JsonObject): void {
    const id = textOf(payload['call_id']);
    const call = id === undefined ? undefined : this.calls.get(id);
    if (id === undefined || !call) {
      this.into.skip(line.number, `a result of no call in this recording (${id ?? 'no id'})`);
      return;
    }
    this.calls.delete(id);
    this.tool(call, { line, payload });
  }

  private tool(call: Call, result: { line: Line; payload: JsonObject } | undefined): void {
    const { payload, line } = call;
    const tool = textOf(payload['name']) ?? String(payload['type']);
    const outcome = result ? outcomeOf(textOf(result.payload['output']) ?? '') : undefined;
    const command = commandOf(payload);
    const ok = outcome?.exitCode === undefined ? undefined : outcome.exitCode === 0;
    const change = tool === 'apply_patch' && ok !== false ? patchChange(textOf(payload['input']) ?? '') : undefined;
    this.into.add(line.number, 'ai_tool_use', timeOf(line.entry['timestamp']), {
      callId: textOf(payload['call_id']),
      tool,
      category: categoryOf(tool, command),
      ok,
      durationMs: outcome?.durationMs,
      exec: command === undefined ? undefined : execOf(command, outcome ?? {}),
      change,
      raw: result ? [...call.raw, result.line.entry] : call.raw,
    });
  }
}

function commandOf(payload: JsonObject): string | undefined {
  const text = textOf(payload['arguments']);
  if (text === undefined) return undefined;
  try {
    const given: unknown = JSON.parse(text);
    const command = isObject(given) ? given['command'] : undefined;
    if (Array.isArray(command)) return command.join(' ');
    return textOf(command);
  } catch {
    return undefined;
  }
}

/** Both spellings of an outcome: plain text with a heading, and JSON with metadata. */
function outcomeOf(output: string): Outcome {
  try {
    const given: unknown = JSON.parse(output);
    const metadata = isObject(given) && isObject(given['metadata']) ? given['metadata'] : {};
    return outcome(metadata['exit_code'], metadata['duration_seconds']);
  } catch {
    const code = /^Exit code: (-?\d+)$/m.exec(output)?.[1];
    const seconds = /^Wall time: ([\d.]+) seconds$/m.exec(output)?.[1];
    return outcome(code === undefined ? undefined : Number(code), seconds === undefined ? undefined : Number(seconds));
  }
}

const outcome = (exitCode: unknown, seconds: unknown): Outcome => ({
  exitCode: typeof exitCode === 'number' ? exitCode : undefined,
  durationMs: typeof seconds === 'number' ? Math.round(seconds * 1000) : undefined,
});

/** One change for the whole patch, named by its first file; the patch itself stands in `data.raw`. */
function patchChange(patch: string): JsonObject | undefined {
  const path = /^\*\*\* (?:Add|Update|Delete) File: (.+)$/m.exec(patch)?.[1];
  if (path === undefined) return undefined;
  const side = (sign: string) =>
    patch
      .split('\n')
      .filter((line) => line.startsWith(sign))
      .map((line) => line.slice(1))
      .join('\n');
  return fileChange(path, side('+'), side('-'));
}

export const codexCliReader: RecordingReader = {
  format: 'codex-cli-log',
  recognises: (text) =>
    someLine(
      text,
      (entry) => isObject(entry['payload']) && /^(session_meta|response_item|event_msg)$/.test(String(entry['type'])),
    ),
  read: (text) => new CodexCliLog().read(text),
};
