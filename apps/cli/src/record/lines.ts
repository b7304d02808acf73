import type { Collector } from './collector.js';
import { isObject, type JsonObject } from './recording.js';

export interface Line {
  /** From 1. */
  readonly number: number;
  readonly entry: JsonObject;
}

/** The JSON objects of a text, one a line; anything else is reported by its number. */
export function* jsonLines(text: string, into: Collector): Generator<Line> {
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    let entry: unknown;
    try {
      entry = JSON.parse(line);
    } catch {
      into.fail(index + 1, `no JSON: ${line.slice(0, 60)}`);
      continue;
    }
    if (isObject(entry)) yield { number: index + 1, entry };
    else into.fail(index + 1, `no JSON object: ${line.slice(0, 60)}`);
  }
}

/** Whether one of the first lines is a JSON object that fits. */
export function someLine(text: string, fits: (entry: JsonObject) => boolean): boolean {
  return text.split('\n', 50).some((line) => {
    try {
      const entry: unknown = JSON.parse(line);
      return isObject(entry) && fits(entry);
    } catch {
      return false;
    }
  });
}

/** Milliseconds since 1970 of an ISO time; null when there is none. */
export const timeOf = (value: unknown): number | null => {
  const moment = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(moment) ? null : moment;
};
