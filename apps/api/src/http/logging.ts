import type { LoggerService } from '@nestjs/common';
import { destination, type Logger, pino } from 'pino';
import type { LogLevel } from '#platform';

/**
 * Structured logs, one JSON line each, on stderr: stdout is for what a person reads when the server starts.
 * No bodies, no header values, no query strings; links and keys in paths are cut out (`redactedPath`).
 *
 * @param isToldElsewhere takes up errors that have a line of their own: what they did here and there is of interest when
 * debugging
 */
export function createLogger(level: LogLevel, isToldElsewhere: (error: unknown) => boolean = () => false): Logger {
  return pino(
    {
      hooks: {
        logMethod(args, method, severity) {
          const [fields, ...rest] = args as unknown[];
          const error = severity > DEBUG && (fields as { err?: unknown } | null)?.err;
          if (!error || !isToldElsewhere(error)) return method.apply(this, args);
          this.debug({ ...(fields as object), err: undefined, because: String(error) }, ...(rest as [string]));
        },
      },
      level,
      base: { service: 'verbatim' },
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: ['*.authorization', '*["x-api-key"]', '*.token', '*.key', '*.secret'],
    },
    // Written behind the requests' backs; pino flushes it when the process exits, short of a kill.
    destination({ fd: 2, sync: false }),
  );
}

const DEBUG = 20;

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

/** What Nest and the rooms' own `Logger` have to say, in the same lines. Start-up chatter is only of interest when debugging. */
export class NestLog implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** Nest hands over `(text, stack?, context)`; the rooms also `(fields, text, context)`, as pino takes them. */
  private write(
    level: 'trace' | 'debug' | 'warn' | 'error' | 'fatal',
    message: unknown,
    rest: readonly unknown[],
  ): void {
    const context = typeof rest.at(-1) === 'string' ? rest.at(-1) : undefined;
    const [second] = rest.length > 1 ? rest : [];
    if (message instanceof Error) this.logger[level]({ context, err: message }, message.message);
    else if (typeof message === 'object' && message !== null)
      this.logger[level]({ context, ...message }, typeof second === 'string' ? second : '');
    else this.logger[level]({ context, ...(second !== undefined && { stack: second }) }, String(message));
  }
}
