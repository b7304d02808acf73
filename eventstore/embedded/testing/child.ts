import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export type Told =
  | { readonly opened: string }
  | { readonly refused: string; readonly message: string }
  | { readonly stream: string; readonly from: number; readonly ids: readonly string[] };

/** The writing process as its parent sees it. */
export class Child implements AsyncDisposable {
  readonly told: Told[] = [];
  private readonly process: ChildProcessByStdio<null, Readable, null>;
  private readonly first: Promise<unknown>;
  private readonly ended: Promise<unknown>;

  constructor(directory: string) {
    const file = fileURLToPath(new URL('./writing-process.js', import.meta.url));
    this.process = spawn(process.execPath, [file, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: this.process.stdout });
    lines.on('line', (line) => {
      this.told.push(JSON.parse(line));
    });
    this.first = once(lines, 'line');
    this.ended = Promise.all([once(this.process, 'close'), once(lines, 'close')]);
  }

  /** Its first word: that it opened the log, or why not. */
  async answer(): Promise<Told> {
    await this.first;
    return this.told[0]!;
  }

  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
