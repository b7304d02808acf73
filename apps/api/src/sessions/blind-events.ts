import { Injectable } from '@nestjs/common';
import { Candidates } from '#candidates';
import type { Principal } from '#platform';
import { Blinder } from '#scoring';
import { Sessions } from '#sessions';

interface Activity {
  readonly type: string;
  readonly sessionId?: string;
  /** Null for facts of a session's life, which nobody writes by hand. */
  readonly phase?: string | null;
  readonly data: object;
}

export type Blinding = <Event extends Activity>(event: Event) => Promise<Event>;

/** The one such fact that repeats what candidates wrote: the names of their skills. */
const SNAPSHOT = 'config_snapshot_taken';

/** As many people as one long reading keeps in mind. */
const MOST_PEOPLE = 256;

/** What candidates wrote, for scorers elsewhere: without names, e-mails and links, as judges of ours read it. */
@Injectable()
export class BlindEvents {
  constructor(
    private readonly sessions: Sessions,
    private readonly candidates: Candidates,
  ) {}

  /** For one reading: whose sessions they are is looked up once. */
  for(reader: Principal): Blinding {
    if (reader.kind !== 'key' || reader.role !== 'scorer') return (event) => Promise.resolve(event);
    const blinders = new Map<string, Promise<Blinder>>();
    return async (event) => {
      const { sessionId, phase, type } = event;
      if (sessionId === undefined || ((phase ?? null) === null && type !== SNAPSHOT)) return event;
      if (blinders.size >= MOST_PEOPLE) blinders.clear();
      const blinder = blinders.get(sessionId) ?? this.blinderOf(reader.orgId, sessionId);
      blinders.set(sessionId, blinder);
      return { ...event, data: (await blinder).value(event.data) };
    };
  }

  private async blinderOf(orgId: string, sessionId: string): Promise<Blinder> {
    const candidateId = (await this.sessions.find(orgId, sessionId))?.state.candidateId;
    if (candidateId === undefined) return new Blinder();
    const profile = (await this.candidates.profiles(orgId, [candidateId])).get(candidateId);
    return new Blinder({ names: profile ? [profile.name] : [], emails: profile?.email ? [profile.email] : [] });
  }
}
