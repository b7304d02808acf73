import { Injectable } from '@nestjs/common';
import { Candidates } from '#candidates';
import { type KeyPrincipal, type Principal, seesNames } from '#platform';
import { Blinder } from '#scoring';
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
 * What candidates wrote, and what reviewers wrote of them, for scorers elsewhere and masked auditors: without names, e-mails
 * and links, as judges of ours read it.
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
      const blinder = blinders.get(sessionId) ?? this.blinderOf(reader.orgId, sessionId);
      blinders.set(sessionId, blinder);
      return { ...event, data: (await blinder).value(event.data) };
    };
  }

  /** Anything else that says what stands in a session. */
  async value<Value>(reader: Principal, sessionId: string, value: Value): Promise<Value> {
    if (!isBlind(reader)) return value;
    return (await this.blinderOf(reader.orgId, sessionId)).value(value);
  }

  private async blinderOf(orgId: string, sessionId: string): Promise<Blinder> {
    const candidateId = (await this.sessions.find(orgId, sessionId))?.state.candidateId;
    if (candidateId === undefined) return new Blinder();
    const profile = (await this.candidates.profiles(orgId, [candidateId])).get(candidateId);
    return new Blinder({ names: profile ? [profile.name] : [], emails: profile?.email ? [profile.email] : [] });
  }
}
