import { streamName } from '#event-sourcing';
import { derivedId } from '#platform';

export const accessStream = (orgId: string, assessmentId: string): string => streamName('access', orgId, assessmentId);

/** The session a key opens: its own, whatever other attempts its candidate has. Known before it is redeemed. */
export const sessionOfKey = (orgId: string, keyId: string): string => derivedId('session-of-key', orgId, keyId);

/** Who holds a key that was given out without an address. */
export const candidateOfKey = (orgId: string, keyId: string): string => derivedId('candidate-of-key', orgId, keyId);
