import { changeOf, execOf, isCandidateAction, isPrompt, recordOf, type Told } from '#sessions';
import type { CaseEvent, CaseFile, CaseText } from '../case/case-file.js';
import { withoutFileNames } from '../case/file-names.js';
import { nameOf } from '../case/names.js';

/** A run of changes by the AI without an action of the candidate in between, and what the candidate did next. */
export interface Bundle {
  readonly changes: readonly CaseEvent[];
  /** A change of the candidate, or a further request, before the AI's next run of changes. */
  readonly answeredBy: CaseEvent | null;
}

/** What the stream says of how the work was done, in its order. Read once; every criterion is a function of this alone. */
export interface Work {
  readonly prompts: readonly CaseText[];
  readonly answers: readonly CaseText[];
  /** Prompts that came after an answer, with that answer. */
  readonly followUps: readonly { readonly prompt: CaseText; readonly answer: CaseText }[];
  /** Prompts after which the AI answered or did something before the next one. */
  readonly delegations: readonly CaseText[];
  readonly decisions: readonly CaseText[];
  readonly feedback: readonly CaseText[];
  readonly bundles: readonly Bundle[];
  readonly candidateChanges: readonly CaseEvent[];
  /** Of the candidate, on something that the AI had changed before. */
  readonly corrections: readonly CaseEvent[];
  /** Tests, checks and sources looked up after the AI answered or changed something. */
  readonly verifications: readonly CaseEvent[];
  /** The same without repeats: between two of them something was changed or answered. */
  readonly checkRounds: readonly CaseEvent[];
  /** Documents and inbox items opened during the task, each once. */
  readonly sources: readonly CaseEvent[];
  /** The kinds of aid that were used, each with where it first was. */
  readonly aids: ReadonlyMap<string, CaseEvent>;
  /** What the AI was told once and for all: skills, memory, agents.md. */
  readonly preparations: readonly CaseText[];
  readonly lastTest: { readonly event: CaseEvent; readonly green: boolean } | null;
  /** By anyone. */
  readonly lastChange: CaseEvent | null;
  /** What was written into the deliverable, as far as events hold it. */
  readonly writings: readonly CaseText[];
}

const AIDS: Readonly<Record<string, string>> = {
  skill_uploaded: 'skill',
  skill_created: 'skill',
  skill_activated: 'skill',
  skill_enabled: 'skill',
  connector_connected: 'source',
  connector_browsed: 'source',
  memory_added: 'memory',
  agents_md_edited: 'instructions',
  file_uploaded: 'file',
  workflow_run: 'workflow',
  workflow_prompt_edited: 'workflow',
  slash_command: 'command',
};

const PREPARATIONS = new Set([
  'skill_created',
  'skill_uploaded',
  'memory_added',
  'agents_md_edited',
  'connector_connected',
  'file_uploaded',
]);
const WRITINGS = new Set(['content_edited', 'manual_edit', 'slide_added', 'section_added', 'ai_tool_use']);
const WRITTEN = ['content', 'text', 'patch', 'heading', 'title', 'notes'] as const;

const textIn = (event: CaseEvent, names: readonly string[]): string =>
  names
    .map((name) => event.body[name])
    .filter((value): value is string => typeof value === 'string' && value !== '')
    .map(withoutFileNames)
    .join('\n');

export const readWork = ({ events }: Pick<CaseFile, 'events'>): Work => {
  const reader = new WorkReader();
  for (const event of events) reader.take(event);
  return reader.done();
};

type Writable<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Item[] : T[Key] };

class WorkReader {
  private readonly work: Writable<Omit<Work, 'bundles' | 'aids'>> = {
    prompts: [],
    answers: [],
    followUps: [],
    delegations: [],
    decisions: [],
    feedback: [],
    candidateChanges: [],
    corrections: [],
    verifications: [],
    checkRounds: [],
    sources: [],
    preparations: [],
    lastTest: null,
    lastChange: null,
    writings: [],
  };
  private readonly bundles: (Writable<Bundle> & { open: boolean })[] = [];
  private readonly aids = new Map<string, CaseEvent>();
  private readonly seenSources = new Set<string>();
  private readonly changedByAi = new Set<string>();
  private toLookUp = false;
  private newToCheck = true;
  private undelegated: CaseText | undefined;

  take(event: CaseEvent): void {
    const told: Told = { type: event.type as Told['type'], body: event.body, via: event.via };
    this.words(event, told);
    this.aid(event);
    this.verification(event, told);
    this.change(event, told);
    const bundle = this.bundles.at(-1);
    if (bundle?.open && isCandidateAction(told)) bundle.open = false;
  }

  done(): Work {
    return { ...this.work, bundles: this.bundles, aids: this.aids };
  }

  private words(event: CaseEvent, told: Told): void {
    const text = textIn(event, ['content', 'reason']);
    if (isPrompt(told)) {
      const prompt = { event, text };
      const answer = this.work.answers.at(-1);
      this.work.prompts.push(prompt);
      if (answer) this.work.followUps.push({ prompt, answer });
      this.undelegated = prompt;
      const bundle = this.bundles.at(-1);
      if (bundle) bundle.answeredBy ??= event;
    } else if (event.type === 'user_message' && text !== '') this.work.decisions.push({ event, text });
    else if (event.type === 'ai_feedback') this.work.feedback.push({ event, text });
    else if (event.type === 'ai_response') {
      this.work.answers.push({ event, text });
      this.toLookUp = true;
      this.newToCheck = true;
    }
    if (this.undelegated && (event.type === 'ai_response' || event.type === 'ai_tool_use')) {
      this.work.delegations.push(this.undelegated);
      this.undelegated = undefined;
    }
  }

  private aid(event: CaseEvent): void {
    const kind = event.type === 'ai_tool_use' ? `ai ${nameOf(event.body.category) || 'tool'}` : AIDS[event.type];
    if (kind !== undefined && !this.aids.has(kind)) this.aids.set(kind, event);
    if (PREPARATIONS.has(event.type)) this.work.preparations.push({ event, text: textIn(event, ['content', 'patch']) });
  }

  private verification(event: CaseEvent, told: Told): void {
    const exec = execOf(told);
    const { source } = event.about;
    if (source !== null) this.source(event, source);
    if (exec?.kind === 'test') {
      const { passed, failed } = recordOf(exec.tests);
      const green = typeof failed === 'number' ? failed === 0 && passed !== 0 : exec.ok === true || exec.exitCode === 0;
      this.work.lastTest = { event, green };
    }
    if (exec?.kind !== 'test' && exec?.verify !== true && !(source !== null && this.toLookUp)) return;
    this.work.verifications.push(event);
    if (this.newToCheck) this.work.checkRounds.push(event);
    this.newToCheck = false;
  }

  private source(event: CaseEvent, name: string): void {
    if (this.seenSources.has(name)) return;
    this.seenSources.add(name);
    this.work.sources.push(event);
  }

  private change(event: CaseEvent, told: Told): void {
    const change = changeOf(told);
    if (!change) return;
    // A source looked up for what the AI wrote is as good as one for what it said.
    this.toLookUp = change.side === 'ai';
    this.newToCheck = true;
    this.work.lastChange = event;
    const written = WRITINGS.has(event.type) ? textIn(event, WRITTEN) : '';
    if (written !== '') this.work.writings.push({ event, text: written });
    const node = event.about.changed;
    if (change.side === 'candidate') {
      this.work.candidateChanges.push(event);
      const bundle = this.bundles.at(-1);
      if (bundle) bundle.answeredBy ??= event;
      if (node !== null && this.changedByAi.has(node)) this.work.corrections.push(event);
      return;
    }
    if (node !== null) this.changedByAi.add(node);
    const bundle = this.bundles.at(-1);
    if (bundle?.open) bundle.changes.push(event);
    else this.bundles.push({ changes: [event], answeredBy: null, open: true });
  }
}
