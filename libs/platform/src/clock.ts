/** The one source of time. Deciders never see it: handlers read it once per request and put the moment in the command. */
export abstract class Clock {
  /** Milliseconds since 1970, UTC. */
  abstract now(): number;
}

export class SystemClock extends Clock {
  /** @param offsetMs how far it runs ahead of the machine's clock (`VERBATIM_CLOCK_OFFSET_MS`, for tests) */
  constructor(private readonly offsetMs = 0) {
    super();
  }

  now(): number {
    return Date.now() + this.offsetMs;
  }
}

/** A clock that stands still until it is moved: for tests. */
export class SettableClock extends Clock {
  constructor(private moment = Date.parse('2026-01-01T00:00:00.000Z')) {
    super();
  }

  now(): number {
    return this.moment;
  }

  set(moment: number | string): void {
    this.moment = typeof moment === 'string' ? Date.parse(moment) : moment;
  }

  advance(milliseconds: number): void {
    this.moment += milliseconds;
  }
}

/** ISO-8601 UTC with milliseconds: the only spelling of a time that leaves or enters a store. */
export const isoTime = (moment: number): string => new Date(moment).toISOString();
