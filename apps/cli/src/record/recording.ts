/** One thing that happened in recorded work, ready for `POST /api/sessions/:id/events`. */
export interface RecordedStep {
  /** Follows from the recording alone, so that playing it again stores nothing twice. */
  readonly id: string;
  readonly type: string;
  /** The recording's own time (ms since 1970); null where the format keeps none. */
  readonly at: number | null;
  /** Milliseconds since the recording began, as far as it tells. */
  readonly offsetMs: number;
  /** The fields of events.md, and under `raw` the original. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** A place in the file: a line (from 1) or a named part, and what stands there. */
export interface Remark {
  readonly where: string;
  readonly what: string;
}

/** Recorded work as read from one file. Nothing of the file is dropped in silence: it is a step, unmapped or broken. */
export interface Recording {
  readonly format: string;
  /** The recording's own id of itself. */
  readonly source: string;
  readonly steps: readonly RecordedStep[];
  /** What the work ended in, when the format keeps it. */
  readonly deliverable: Readonly<Record<string, unknown>> | null;
  /** Understood, but no action of anybody: settings, counters, repeats. */
  readonly unmapped: readonly Remark[];
  /** Not understood. */
  readonly broken: readonly Remark[];
}

/** One format, recognised by its content. */
export interface RecordingReader {
  readonly format: string;
  recognises(text: string): boolean;
  read(text: string): Recording;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** `data` without the fields that are not known. */
export const known = (data: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
