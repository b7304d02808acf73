import { createContext, Script } from 'node:vm';
import { refusal, thrown } from './refusal.js';

const KEPT_TEXTS = 20_000;
const KEPT_PATTERNS = 32;
/** One page's texts, each matched in microseconds by any pattern that is not made to take for ever. */
const TIMEOUT_MS = 500;

const matching = new Script('texts.map((text) => pattern.test(text))');

interface Sandbox {
  texts?: readonly string[];
  pattern?: RegExp;
}

interface Known {
  readonly pattern: RegExp;
  readonly verdicts: Map<string, boolean>;
}

/**
 * Callers' regular expressions over stream names and types. They run under a time limit: one expression that
 * backtracks for ever would otherwise take this reader from everybody.
 */
export class Patterns {
  private readonly known = new Map<string, Known>();
  /** Made when it is first needed: most readers never see a pattern. */
  private sandbox: Sandbox | undefined;

  /** Which of the texts match. @throws EventStoreError invalid_argument */
  verdicts(source: string, texts: readonly string[]): boolean[] {
    const { pattern, verdicts } = this.of(source);
    const unknown = [...new Set(texts)].filter((text) => !verdicts.has(text));
    if (verdicts.size + unknown.length > KEPT_TEXTS) verdicts.clear();
    const fresh = new Map(unknown.length > 0 ? this.match(pattern, unknown) : []);
    for (const [text, verdict] of fresh) verdicts.set(text, verdict);
    return texts.map((text) => verdicts.get(text) ?? this.match(pattern, [text])[0]?.[1] ?? false);
  }

  private match(pattern: RegExp, texts: readonly string[]): [string, boolean][] {
    this.sandbox ??= createContext({}) as Sandbox;
    this.sandbox.texts = texts;
    this.sandbox.pattern = pattern;
    try {
      const matched = matching.runInContext(this.sandbox, { timeout: TIMEOUT_MS }) as boolean[];
      return texts.map((text, index) => [text, matched[index] === true]);
    } catch (error) {
      throw thrown(refusal('invalid_argument', `The pattern ${pattern} takes too long.`), error);
    }
  }

  private of(source: string): Known {
    const known = this.known.get(source);
    if (known) return known;
    let pattern: RegExp;
    try {
      pattern = new RegExp(source);
    } catch (error) {
      throw thrown(refusal('invalid_argument', `${JSON.stringify(source)} is no regular expression.`), error);
    }
    if (this.known.size >= KEPT_PATTERNS) this.known.delete(this.known.keys().next().value ?? '');
    const fresh = { pattern, verdicts: new Map<string, boolean>() };
    this.known.set(source, fresh);
    return fresh;
  }
}
