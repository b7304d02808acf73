import { Injectable } from '@nestjs/common';
import { Candidates } from '#candidates';
import { type KeyPrincipal, type Principal, seesNames } from '#platform';
import { type Blinder, blinderFor, personOf } from '#scoring';
import { Sessions } from '#sessions';

interface Recorded {
  readonly sessionId?: string;
  readonly data: object;
}

export type Blinding = <Event extends Recorded>(event: Event) => Promise<Event>;

/** As many people as one long reading keeps in mind. */
const MOST_PEOPLE = 256;

/** Whoever is at work reads their own words as they wrote them. */
const isBlind = (reader: Principal): reader is KeyPrincipal => reader.kind === 'key' && !seesNames(reader);

/**
 * What candidates wrote, and what reviewers wrote of them: without names, e-mails and links for scorers elsewhere, as judges of
 * ours read it; without names and e-mails for masked auditors, who must see where a candidate went.
 */
@Injectable()
export class BlindEvents {
  constructor(
    private readonly sessions: Sessions,
    private readonly candidates: Candidates,
  ) {}

  /** For one reading: whose sessions they are is looked up once. */
  for(reader: Principal): Blinding {
    if (!isBlind(reader)) return (event) => Promise.resolve(event);
    const blinders = new Map<string, Promise<Blinder>>();
    return async (event) => {
      const { sessionId } = event;
      if (sessionId === undefined) return event;
      if (blinders.size >= MOST_PEOPLE) blinders.clear();
      const blinder = blinders.get(sessionId) ?? this.blinderOf(reader, sessionId);
      blinders.set(sessionId, blinder);
      return { ...event, data: (await blinder).value(event.data) };
    };
  }

  /** Anything else that says what stands in a session. */
  async value<Value>(reader: Principal, sessionId: string, value: Value): Promise<Value> {
    if (!isBlind(reader)) return value;
    return (await this.blinderOf(reader, sessionId)).value(value);
  }

  private async blinderOf(reader: KeyPrincipal, sessionId: string): Promise<Blinder> {
    const candidateId = (await this.sessions.find(reader.orgId, sessionId))?.state.candidateId;
    return blinderFor(
      reader,
      candidateId === undefined ? undefined : await personOf(this.candidates, reader.orgId, candidateId),
    );
  }
}
