export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting that stops the start: one line that names the variable and what it may be, never its value. */
export class SettingError extends Error {
  constructor(
    readonly variable: string,
    problem: string,
  ) {
    super(`${variable} ${problem}`);
    this.name = 'SettingError';
  }
}

/** Reads environment variables by kind. Values are never repeated in errors: they may be secrets. */
export class Settings {
  constructor(private readonly environment: Environment) {}

  text(name: string): string | undefined {
    return this.environment[name]?.trim() || undefined;
  }

  integer(name: string, min: number, max: number, words: Readonly<Record<string, number>> = {}): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const number = words[text] ?? (/^\d{1,15}$/.test(text) ? Number(text) : Number.NaN);
    if (number >= min && number <= max) return number;
    const alternatives = Object.keys(words).map((word) => `${word} or `);
    throw new SettingError(name, `must be ${alternatives.join('')}a whole number from ${min} to ${max}.`);
  }

  oneOf<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const text = this.text(name);
    const word = words.find((candidate) => candidate === text);
    if (text !== undefined && word === undefined) throw new SettingError(name, `must be one of: ${words.join(', ')}.`);
    return word;
  }

  matching(name: string, pattern: RegExp, described: string): string | undefined {
    const text = this.text(name);
    if (text !== undefined && !pattern.test(text)) throw new SettingError(name, `must be ${described}.`);
    return text;
  }

  atLeast(name: string, length: number): string | undefined {
    return this.matching(name, new RegExp(`^.{${length},}$`, 's'), `at least ${length} characters`);
  }

  webUrl(name: string): string | undefined {
    const text = this.text(name);
    if (text !== undefined && !(/^https?:\/\//.test(text) && URL.canParse(text)))
      throw new SettingError(name, 'must be an http:// or https:// URL.');
    return text;
  }

  list(name: string, read: (item: string) => string | undefined): readonly string[] | undefined {
    return this.text(name)
      ?.split(',')
      .map((item) => item.trim())
      .filter(Boolean)
      .map((item) => {
        const value = read(item);
        if (value === undefined)
          throw new SettingError(name, 'must be origins like https://work.example.com, separated by commas.');
        return value;
      });
  }
}
