import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a benchmark is measured against, and how. Each row is measured beside its yardstick, in the same run. */
export interface Yardstick {
  readonly name: string;
  readonly measured: number;
  /** Ratio asked for: at least this (`≥`), or for a time at most this (`≤`). */
  readonly goal?: number;
}

export interface BenchResult {
  readonly what: string;
  readonly measured: number;
  readonly unit: string;
  /** Empty for a row that stands alone. */
  readonly yardsticks: readonly Yardstick[];
  /** For a row that stands alone: what the figure itself should be. */
  readonly goal?: { readonly atLeast?: number; readonly atMost?: number };
}

export interface Bench {
  /** What `npm run bench <filter>` looks for. */
  readonly name: string;
  run(): Promise<readonly BenchResult[]>;
}

const figure = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);

/** One markdown line for each yardstick of each result. */
export function table(results: readonly BenchResult[]): string {
  const lines = ['| what | measured | yardstick | its figure | ratio | goal | |', '|---|---:|---|---:|---:|---:|---|'];
  for (const { what, measured, unit, yardsticks, goal } of results) {
    const shown = `${figure(measured)} ${unit}`;
    if (yardsticks.length === 0) {
      const wanted = goal?.atLeast ?? goal?.atMost;
      const isMet = measured >= (goal?.atLeast ?? 0) && measured <= (goal?.atMost ?? Number.POSITIVE_INFINITY);
      const text = wanted === undefined ? '' : `${goal?.atLeast === undefined ? '≤' : '≥'} ${figure(wanted)}`;
      lines.push(`| ${what} | ${shown} | – | – | – | ${text} | ${wanted === undefined ? '' : verdict(isMet)} |`);
    }
    for (const yardstick of yardsticks) {
      const ratio = measured / yardstick.measured;
      const wanted = yardstick.goal === undefined ? '' : `≥ ${yardstick.goal}`;
      const met = yardstick.goal === undefined ? '' : verdict(ratio >= yardstick.goal);
      lines.push(
        `| ${what} | ${shown} | ${yardstick.name} | ${figure(yardstick.measured)} ${unit} | ${ratio.toFixed(2)} | ${wanted} | ${met} |`,
      );
    }
  }
  return lines.join('\n');
}

const verdict = (isMet: boolean): string => (isMet ? 'met' : '**missed**');

export async function inDirectory<Result>(work: (directory: string) => Promise<Result>): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'verbatim-bench-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** How many a second `work` gets through. */
export async function perSecond(count: number, work: () => Promise<void> | void): Promise<number> {
  const begin = process.hrtime.bigint();
  await work();
  return count / (Number(process.hrtime.bigint() - begin) / 1e9);
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Of values sorted from small to large. */
export const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

/** Takes turns, so that a noisy moment of the machine meets both, and answers the median of each. */
export async function sideBySide(
  rounds: number,
  ours: () => Promise<number>,
  bare: () => Promise<number>,
): Promise<{ ours: number; bare: number }> {
  const measured: { ours: number[]; bare: number[] } = { ours: [], bare: [] };
  for (let round = 0; round < rounds; round += 1) {
    measured.bare.push(await bare());
    measured.ours.push(await ours());
  }
  return { ours: median(measured.ours), bare: median(measured.bare) };
}
