import type { LoggerService } from '@nestjs/common';
import { destination, type Logger, pino } from 'pino';
import type { LogLevel } from '#platform';

/**
 * Structured logs, one JSON line each, on stderr: stdout is for what a person reads when the server starts.
 * No bodies, no header values, no query strings; links and keys in paths are cut out (`redactedPath`).
 */
export function createLogger(level: LogLevel): Logger {
  return pino(
    {
      level,
      base: { service: 'verbatim' },
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: ['*.authorization', '*["x-api-key"]', '*.token', '*.key', '*.secret'],
    },
    destination({ fd: 2, sync: true }),
  );
}

/** A person at a terminal reads the banner; a service wants every request. */
export const logLevelFor = (configured: LogLevel | undefined, isTerminal: boolean): LogLevel =>
  configured ?? (isTerminal ? 'warn' : 'info');

const CREDENTIAL = /(gai_|vst_|PST-)[A-Za-z0-9_-]+/g;

/** The path without its query, tokens cut out: an invite link is a credential. */
export const redactedPath = (url: string): string =>
  url
    .replace(/[?#].*$/s, '')
    .replace(/^\/s\/[^/]+/, '/s/[token]')
    .replace(CREDENTIAL, '$1[redacted]')
    .slice(0, 512);

/** What Nest itself has to say, in the same lines. Its start-up chatter is only of interest when debugging. */
export class NestLog implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.logger.debug({ context: contextOf(rest) }, text(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error({ context: contextOf(rest), ...(message instanceof Error && { err: message }) }, text(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn({ context: contextOf(rest) }, text(message));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.logger.debug({ context: contextOf(rest) }, text(message));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.logger.trace({ context: contextOf(rest) }, text(message));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.logger.fatal({ context: contextOf(rest) }, text(message));
  }
}

const text = (message: unknown): string =>
  message instanceof Error ? message.message : typeof message === 'string' ? message : JSON.stringify(message);

/** Nest puts the name of who speaks last; before it may stand a stack. */
const contextOf = (rest: readonly unknown[]): string | undefined => {
  const last = rest.at(-1);
  return typeof last === 'string' ? last : undefined;
};
