/** The one source of time. Deciders never see it: handlers read it once per request and put the moment in the command. */
export abstract class Clock {
  /** Milliseconds since 1970, UTC. */
  abstract now(): number;
}

export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }
}

/** A clock that stands still until it is moved: for tests, and for `VERBATIM_TEST_CLOCK` journeys. */
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
