import type { Server } from './server.js';

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly err?: unknown;
  readonly stack?: unknown;
}

/** What a server has logged so far, but for its line for each request. */
export const logLines = ({ printed }: Server): readonly LogLine[] =>
  printed
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as LogLine)
    .filter(({ message }) => message !== 'request');
