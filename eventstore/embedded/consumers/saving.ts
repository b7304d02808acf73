/** How far the file may lag behind: what is not saved when the process dies is handed out again. */
const EVERY_MS = 200;
const EVERY_CHANGES = 2_000;

/** Writes a group's place down: one write at a time, and one for all that changed meanwhile. */
export class Saving {
  private changes = 0;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;
  private isOver = false;

  constructor(
    private readonly write: () => Promise<void>,
    private readonly report: (error: unknown) => void,
  ) {}

  changed(): void {
    this.changes += 1;
    if (this.isOver) return;
    if (this.changes >= EVERY_CHANGES && !this.writing) this.save();
    else this.timer ??= setTimeout(() => this.save(), EVERY_MS);
  }

  async end(keep: boolean): Promise<void> {
    this.isOver = true;
    clearTimeout(this.timer);
    await this.writing;
    if (keep) await this.write().catch(this.report);
  }

  private save(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.writing) {
      // The disk is slow: the next one takes everything.
      this.timer = setTimeout(() => this.save(), EVERY_MS);
      return;
    }
    this.changes = 0;
    this.writing = this.write()
      .catch((error: unknown) => {
        this.report(error);
        this.changed();
      })
      .finally(() => {
        this.writing = undefined;
      });
  }
}
