interface Commit {
  /** The positions it took: after `from`, up to and with `to`. */
  readonly from: number;
  readonly to: number;
  /** Undefined: what it wrote is not known here. */
  readonly types: ReadonlySet<string> | undefined;
}

const REMEMBERED = 1_024;

/**
 * Which types the newest commits wrote. Every commit wakes every subscriber, and most wait for types that it has none of: they
 * go on without a look into the log.
 */
export class RecentTypes {
  private commits: Commit[] = [];
  private isNextUnknown = false;

  note(from: number, to: number, types: Iterable<string> | undefined): void {
    if (to <= from) return;
    const known = this.isNextUnknown || types === undefined ? undefined : new Set(types);
    this.isNextUnknown = false;
    this.commits.push({ from, to, types: known });
    if (this.commits.length > 2 * REMEMBERED) this.commits = this.commits.slice(-REMEMBERED);
  }

  /** Something may have been written that nobody will tell of. */
  forget(): void {
    this.commits = [];
    this.isNextUnknown = true;
  }

  /** Up to where after `after` nothing of these types stands, as far as is known: `after` itself when nothing is. */
  quietTo(after: number, types: readonly string[]): number {
    const first = this.commits.findLastIndex(({ from }) => from <= after);
    let quiet = after;
    for (const { from, to, types: written } of first < 0 ? [] : this.commits.slice(first)) {
      if (from > quiet) break;
      if (to <= quiet) continue;
      if (written === undefined || types.some((type) => written.has(type))) break;
      quiet = to;
    }
    return quiet;
  }
}
