import { Collector } from './collector.js';
import { jsonLines, type Line, someLine, timeOf } from './lines.js';
import { isObject, type JsonObject, type Recording, type RecordingReader, textOf } from './recording.js';
import { categoryOf, changeOf, execOf } from './tools.js';

interface Call {
  readonly line: number;
  readonly at: number | null;
  readonly messageId: string | undefined;
  readonly block: JsonObject;
  readonly raw: JsonObject[];
}

const NO_ACTION = new Set(['summary', 'file-history-snapshot', 'system', 'queue-operation', 'progress']);

/** The log of a common AI coding command-line tool: user and assistant lines, tool calls and their results. */
class ClaudeCodeLog {
  private readonly into = new Collector('claude-code-log', 'claude-code');
  private readonly calls = new Map<string, Call>();
  /** Lines that hold only reasoning: kept in `data.raw` of what the AI did next. */
  private reasoning: { line: number; entry: JsonObject }[] = [];
  private lastPrompt: string | undefined;
  /** A command typed at the tool itself; its output is on a line of its own. */
  private slash: { line: number; at: number | null; data: Record<string, unknown>; raw: JsonObject[] } | undefined;

  read(text: string): Recording {
    for (const line of jsonLines(text, this.into)) {
      this.into.named(textOf(line.entry['sessionId']));
      const type = textOf(line.entry['type']);
      if (type !== undefined && NO_ACTION.has(type)) this.into.skip(line.number, type);
      else if (type === 'user' || type === 'assistant') this.message(type, line);
      else this.into.fail(line.number, `no known type: ${JSON.stringify(line.entry).slice(0, 60)}`);
    }
    this.endSlash();
    for (const call of this.calls.values()) this.tool(call, undefined);
    for (const { line } of this.reasoning) this.into.skip(line, 'reasoning that nothing follows');
    return this.into.done();
  }

  private message(type: 'user' | 'assistant', line: Line): void {
    const message = line.entry['message'];
    const content = isObject(message) ? message['content'] : undefined;
    if (!isObject(message) || (typeof content !== 'string' && !Array.isArray(content))) {
      this.into.fail(line.number, `${type} without a message`);
      return;
    }
    const blocks: unknown[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
    if (type === 'user') this.user(line, blocks);
    else this.assistant(line, message, blocks);
  }

  private user(line: Line, blocks: readonly unknown[]): void {
    const typed: string[] = [];
    const attachments: JsonObject[] = [];
    for (const block of blocks) {
      if (!isObject(block)) this.into.fail(line.number, `no content block: ${JSON.stringify(block).slice(0, 60)}`);
      else if (block['type'] === 'tool_result') this.result(line, block);
      else if (block['type'] === 'text' && typeof block['text'] === 'string') typed.push(block['text']);
      else if (block['type'] === 'image') attachments.push({ kind: 'image' });
      else this.into.skip(line.number, `content block ${String(block['type'])}`);
    }
    if (typed.length > 0 || attachments.length > 0) this.prompt(line, typed.join('\n'), attachments);
  }

  private prompt(line: Line, text: string, attachments: readonly JsonObject[]): void {
    const at = timeOf(line.entry['timestamp']);
    const command = /<command-name>([^<]*)<\/command-name>/.exec(text)?.[1]?.trim();
    const output = /<local-command-stdout>([\s\S]*)<\/local-command-stdout>/.exec(text)?.[1];
    if (line.entry['isMeta'] === true || text.startsWith('Caveat: The messages below were generated')) {
      this.into.skip(line.number, 'a note the tool wrote to itself');
    } else if (command !== undefined) {
      this.endSlash();
      const args = /<command-args>([\s\S]*?)<\/command-args>/.exec(text)?.[1]?.trim();
      this.slash = { line: line.number, at, data: { command, args: args || undefined }, raw: [line.entry] };
    } else if (output !== undefined && this.slash) {
      this.slash.data['output'] = output;
      this.slash.raw.push(line.entry);
      this.endSlash();
    } else {
      this.endSlash();
      this.lastPrompt = textOf(line.entry['uuid']);
      this.into.add(line.number, 'user_message', at, {
        messageId: this.lastPrompt,
        kind: 'prompt',
        content: text,
        charCount: text.length,
        attachments: attachments.length > 0 ? attachments : undefined,
        raw: line.entry,
      });
    }
  }

  private endSlash(): void {
    if (!this.slash) return;
    const { line, at, data, raw } = this.slash;
    this.slash = undefined;
    this.into.add(line, 'slash_command', at, { ...data, raw });
  }

  private assistant(line: Line, message: JsonObject, blocks: readonly unknown[]): void {
    this.endSlash();
    const acts = blocks.filter(
      (block) => isObject(block) && (block['type'] === 'text' || block['type'] === 'tool_use'),
    );
    if (acts.length === 0 && blocks.every((block) => isObject(block) && /thinking/.test(String(block['type'])))) {
      this.reasoning.push({ line: line.number, entry: line.entry });
      return;
    }
    const at = timeOf(line.entry['timestamp']);
    const raw = [...this.reasoning.map(({ entry }) => entry), line.entry];
    this.reasoning = [];
    const text = acts.map((block) => textOf((block as JsonObject)['text'])).filter((part) => part !== undefined);
    const calls = acts.filter((block) => (block as JsonObject)['type'] === 'tool_use') as JsonObject[];
    const messageId = textOf(message['id']) ?? textOf(line.entry['uuid']);
    if (text.length > 0) this.answer(line, at, message, text.join('\n'), calls, raw);
    for (const block of calls) {
      const id = textOf(block['id']);
      const call = { line: line.number, at, messageId, block, raw: text.length > 0 ? [line.entry] : raw };
      if (id === undefined || this.calls.has(id)) this.tool(call, undefined);
      else this.calls.set(id, call);
    }
    for (const block of blocks)
      if (!isObject(block)) this.into.fail(line.number, `no content block: ${JSON.stringify(block).slice(0, 60)}`);
  }

  private answer(
    line: Line,
    at: number | null,
    message: JsonObject,
    content: string,
    calls: readonly JsonObject[],
    raw: readonly JsonObject[],
  ): void {
    const usage = isObject(message['usage']) ? message['usage'] : undefined;
    this.into.add(line.number, 'ai_response', at, {
      messageId: textOf(message['id']) ?? textOf(line.entry['uuid']),
      inReplyTo: this.lastPrompt,
      content,
      charCount: content.length,
      model: textOf(message['model']),
      provider: 'anthropic',
      usage: usage && { inputTokens: usage['input_tokens'], outputTokens: usage['output_tokens'] },
      stopReason: textOf(message['stop_reason']),
      toolCallIds: calls.length > 0 ? calls.map((call) => call['id']) : undefined,
      raw,
    });
  }

  private result(line: Line, block: JsonObject): void {
    const id = textOf(block['tool_use_id']);
    const call = id === undefined ? undefined : this.calls.get(id);
    if (id === undefined || !call) {
      this.into.skip(line.number, `a result of no call in this recording (${id ?? 'no id'})`);
      return;
    }
    this.calls.delete(id);
    this.tool(call, { line, block });
  }

  private tool(call: Call, result: { line: Line; block: JsonObject } | undefined): void {
    const tool = textOf(call.block['name']) ?? 'unknown';
    const input = isObject(call.block['input']) ? call.block['input'] : {};
    const command = tool === 'Bash' ? (textOf(input['command']) ?? '') : undefined;
    const ended = result ? timeOf(result.line.entry['timestamp']) : null;
    const ok = result ? result.block['is_error'] !== true : undefined;
    const change = changeOf(tool, input);
    this.into.add(call.line, 'ai_tool_use', call.at, {
      callId: textOf(call.block['id']),
      messageId: call.messageId,
      tool,
      category: categoryOf(tool, command),
      ok,
      durationMs: call.at !== null && ended !== null && ended >= call.at ? ended - call.at : undefined,
      exec: command === undefined ? undefined : execOf(command, { ok }),
      change: ok === false ? undefined : change,
      raw: result ? [...call.raw, result.line.entry] : call.raw,
    });
  }
}

export const claudeCodeReader: RecordingReader = {
  format: 'claude-code-log',
  recognises: (text) =>
    someLine(
      text,
      (entry) => (entry['type'] === 'user' || entry['type'] === 'assistant') && 'uuid' in entry && 'message' in entry,
    ),
  read: (text) => new ClaudeCodeLog().read(text),
};
