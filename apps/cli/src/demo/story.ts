import { createHash } from 'node:crypto';
import type { PlayedEvent } from '../session-player.js';
import type { DemoAssessment } from './material.js';
import type { SeededRandom } from './random.js';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface Story {
  readonly setup: readonly PlayedEvent[];
  readonly task: readonly PlayedEvent[];
  readonly deliverable: Readonly<Record<string, unknown>>;
}

/** One candidate's session as it may well have gone: set-up, questions, checks, edits by both sides, a deliverable. */
export class StoryTeller {
  private readonly events: PlayedEvent[] = [];
  private clock: number;
  private turn = 0;
  private slides = 0;
  private readonly findings = new Set<string>();

  constructor(
    private readonly about: DemoAssessment,
    private readonly random: SeededRandom,
    private readonly prefix: string,
    startsAt: number,
  ) {
    this.clock = startsAt;
  }

  /** @param length how many events in all, 40–400 */
  tell(length: number): Story {
    this.configure();
    const setup = this.events.splice(0);
    while (setup.length + this.events.length < length) this.scene();
    const task = this.events.splice(0, length - setup.length);
    return { setup, task, deliverable: this.deliverable() };
  }

  /** What the candidate took over, in their order: judges read it. */
  private deliverable(): Story['deliverable'] {
    const { kind, fields } = this.about;
    const sections = [...this.findings].map((body, at) => ({ heading: `${at + 1}. What we found`, body }));
    return { kind, title: fields.name, sections, slides: this.slides, turns: this.turn };
  }

  private add(type: string, data: Record<string, unknown>, seconds: number): void {
    this.clock += Math.round(seconds * 1000 * (0.5 + this.random.next()));
    const id = `${this.prefix}-${this.turn}-${this.events.length}-${type}`;
    this.events.push({ id, type, timestampMs: this.clock, data });
  }

  private configure(): void {
    const connectorId = this.about.kind === 'deck' ? 'drive' : 'repository';
    this.add('connector_connected', { connectorId, connectorType: connectorId, source: 'provided' }, 20);
    const content = 'Answer first, then the evidence. Name the source of every number.';
    this.add(
      'agents_md_edited',
      { beforeHash: hash(''), afterHash: hash(content), patch: content, charsAdded: content.length, charsRemoved: 0 },
      40,
    );
    if (this.random.chance(0.7))
      this.add('memory_added', { memoryId: 'm1', content: 'I am interviewing; be brief.', charCount: 28 }, 15);
    if (this.random.chance(0.6)) {
      const skill = 'Check each claim against the source before it goes into the deliverable.';
      this.add(
        'skill_created',
        { skillId: 'checks', name: 'Check claims', content: skill, charCount: skill.length },
        30,
      );
      this.add('skill_enabled', { skillId: 'checks' }, 4);
    }
  }

  /** A question, its answer, what the AI did for it, and what the candidate made of it. */
  private scene(): void {
    this.turn += 1;
    const messageId = `${this.prefix}-q${this.turn}`;
    const question = this.random.pick(this.about.questions);
    const typed = this.random.chance(0.9);
    this.add(
      'user_message',
      { messageId, kind: 'prompt', content: question, charCount: question.length, source: typed ? 'typed' : 'pasted' },
      45,
    );
    if (this.random.chance(0.5)) this.lookUp(messageId);
    if (this.random.chance(this.about.kind === 'code' ? 0.7 : 0.25)) this.run(messageId);
    if (this.random.chance(0.45)) this.aiChange(messageId);
    const answer = this.random.pick(this.about.answers);
    this.add(
      'ai_response',
      {
        messageId: `${messageId}-a`,
        inReplyTo: messageId,
        content: answer,
        charCount: answer.length,
        model: 'demo-model-1',
        provider: 'demo',
        usage: { inputTokens: 400 + this.turn * 35, outputTokens: Math.ceil(answer.length / 4) },
        latencyMs: this.random.between(700, 4200),
        stopReason: 'end_turn',
      },
      6,
    );
    if (this.random.chance(0.5)) this.verify();
    if (this.random.chance(0.6)) {
      this.ownChange();
      this.findings.add(answer);
    }
    if (this.random.chance(0.12))
      this.add('ai_feedback', { messageId: `${messageId}-a`, rating: this.random.chance(0.8) ? 'up' : 'down' }, 3);
    if (this.random.chance(0.04)) this.add('security_flag', { code: 'tab_blur', severity: 'low', source: 'client' }, 8);
  }

  private lookUp(messageId: string): void {
    const document = this.random.pick(this.about.documents);
    this.add(
      'ai_tool_use',
      {
        callId: `${messageId}-t`,
        messageId,
        tool: 'read_document',
        category: 'read',
        inputRef: document,
        ok: true,
        durationMs: this.random.between(80, 900),
      },
      2,
    );
  }

  private run(messageId: string): void {
    const label = this.random.pick(this.about.commands);
    const isTest = label.startsWith('pytest');
    const failed = this.random.chance(isTest ? 0.35 : 0.12);
    const tests = isTest ? { tests: { passed: failed ? 47 : 48, failed: failed ? 1 : 0, skipped: 0 } } : {};
    const durationMs = this.random.between(200, 9000);
    const exec = {
      kind: isTest ? 'test' : 'command',
      label,
      exitCode: failed ? 1 : 0,
      ok: !failed,
      durationMs,
      initiator: 'ai',
      ...tests,
    };
    this.add(
      'ai_tool_use',
      { callId: `${messageId}-x`, messageId, tool: 'shell', category: exec.kind, ok: !failed, durationMs, exec },
      4,
    );
  }

  private change(actor: 'candidate' | 'ai'): Record<string, unknown> {
    const file = this.random.pick(this.about.files);
    return {
      artifactId: `file-${hash(file).slice(0, 12)}`,
      artifactType: this.about.kind === 'deck' ? 'pptx' : 'py',
      actor,
      charsAdded: this.random.between(12, 900),
      charsRemoved: this.random.between(0, 200),
      beforeHash: hash(`${this.prefix}${this.turn}before`),
      afterHash: hash(`${this.prefix}${this.turn}after${actor}`),
    };
  }

  private aiChange(messageId: string): void {
    if (this.about.kind === 'deck' && this.slides < 6 && this.random.chance(0.5)) {
      this.slides += 1;
      this.add(
        'slide_added',
        { artifactId: 'churn-deck', slideId: `s${this.slides}`, index: this.slides - 1, actor: 'ai' },
        5,
      );
      return;
    }
    this.add(
      'ai_tool_use',
      { callId: `${messageId}-w`, messageId, tool: 'edit', category: 'write', ok: true, change: this.change('ai') },
      5,
    );
  }

  private verify(): void {
    const documentId = this.random.pick(this.about.documents);
    if (this.random.chance(0.3)) {
      this.add('inbox_item_opened', { itemId: documentId, itemType: 'ticket', firstOpen: true }, 12);
      this.add(
        'inbox_item_closed',
        { itemId: documentId, openMs: this.random.between(4000, 60_000), outcome: 'read' },
        20,
      );
    } else
      this.add(
        'connector_browsed',
        { connectorId: 'drive', connectorType: 'drive', documentId, dwellMs: this.random.between(2000, 40_000) },
        18,
      );
  }

  private ownChange(): void {
    if (this.about.kind === 'deck' && this.slides > 0) {
      const nodeId = `s${this.random.between(1, this.slides)}`;
      this.add('content_edited', { change: this.change('candidate'), nodeId }, 35);
    } else
      this.add('manual_edit', { change: this.change('candidate'), targetPath: this.random.pick(this.about.files) }, 35);
  }
}
