import { known, type RecordedStep, type Recording, type Remark } from './recording.js';

/** Gathers what a reader finds, and gives each step its id and its place in time. */
export class Collector {
  private readonly steps: { place: number; step: RecordedStep }[] = [];
  private readonly unmapped: Remark[] = [];
  private readonly broken: Remark[] = [];
  private readonly used = new Map<string, number>();
  private first: number | null = null;

  constructor(
    private readonly format: string,
    private source: string,
  ) {}

  /** The recording's own id, once a line tells it. */
  named(source: string | undefined): void {
    if (source && this.steps.length === 0) this.source = source;
  }

  /** @param place a line number or a step number: what the id follows from */
  add(place: number, type: string, at: number | null, data: Record<string, unknown>, offsetMs?: number): void {
    if (at !== null) this.first ??= at;
    const nth = (this.used.get(String(place)) ?? 0) + 1;
    this.used.set(String(place), nth);
    const step = {
      id: `${this.source.slice(0, 80)}#${place}.${nth}`,
      type,
      at,
      offsetMs: Math.max(0, offsetMs ?? (at === null || this.first === null ? 0 : at - this.first)),
      data: known(data),
    };
    this.steps.push({ place, step });
  }

  skip(where: number | string, what: string): void {
    this.unmapped.push({ where: typeof where === 'number' ? `line ${where}` : where, what });
  }

  fail(where: number | string, what: string): void {
    this.broken.push({ where: typeof where === 'number' ? `line ${where}` : where, what });
  }

  done(deliverable: Record<string, unknown> | null = null): Recording {
    const { format, source, unmapped, broken } = this;
    // A call is known whole only when its result was read; it stands where it was made.
    const steps = this.steps.toSorted((a, b) => a.place - b.place).map(({ step }) => step);
    return { format, source, steps, deliverable, unmapped, broken };
  }
}
