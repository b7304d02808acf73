import { type Aggregate, EventCatalogue } from '#event-sourcing';
import { type CountedMonths, countIn } from './counted-months.js';
import {
  type ApiKeyIssued,
  type OrganizationEvent,
  organizationEvents,
  type Subscription,
} from './organization.events.js';

export interface ApiKey extends ApiKeyIssued {
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

export interface OrganizationState {
  readonly exists: boolean;
  readonly name: string;
  readonly subscription: Subscription;
  /** Null: without limit. */
  readonly monthlyAssessmentQuota: number | null;
  readonly createdAt: string;
  readonly keys: ReadonlyMap<string, ApiKey>;
  /**
   * Ids of erased sessions by their last two characters: erasing one copies one small list, so that folding a stream of
   * many thousands does not take time by the square.
   */
  readonly erasedSessions: ReadonlyMap<string, readonly string[]>;
  readonly countedMonths: CountedMonths;
}

const bucketOf = (sessionId: string): string => sessionId.slice(-2);

export const isErased = (state: OrganizationState, sessionId: string): boolean =>
  state.erasedSessions.get(bucketOf(sessionId))?.includes(sessionId) ?? false;

const evolve = (state: OrganizationState, event: Evolving): OrganizationState => {
  switch (event.type) {
    case 'organization_created':
      return { ...state, exists: true, name: event.data.name ?? '', createdAt: event.metadata.recordedAt };
    case 'organization_renamed':
      return { ...state, name: event.data.name ?? '' };
    case 'subscription_changed':
      return { ...state, subscription: event.data.subscription };
    case 'quota_changed':
      return { ...state, monthlyAssessmentQuota: event.data.monthlyAssessmentQuota };
    case 'api_key_issued': {
      // Its name is sealed, and missing once the organization's data key is gone.
      const key = { ...event.data, name: event.data.name ?? '', createdAt: event.metadata.recordedAt, revokedAt: null };
      return { ...state, keys: new Map(state.keys).set(key.keyId, key) };
    }
    case 'api_key_revoked': {
      const key = state.keys.get(event.data.keyId);
      if (!key) return state;
      return { ...state, keys: new Map(state.keys).set(key.keyId, { ...key, revokedAt: event.metadata.recordedAt }) };
    }
    case 'session_erased': {
      const { sessionId } = event.data;
      if (isErased(state, sessionId)) return state;
      const bucket = [...(state.erasedSessions.get(bucketOf(sessionId)) ?? []), sessionId];
      return { ...state, erasedSessions: new Map(state.erasedSessions).set(bucketOf(sessionId), bucket) };
    }
    case 'assessment_counted':
      return { ...state, countedMonths: countIn(state.countedMonths, event.data) };
    default:
      event satisfies never;
      return state;
  }
};

type Evolving = Parameters<Aggregate<OrganizationState, OrganizationEvent>['evolve']>[1];

export const organizationAggregate: Aggregate<OrganizationState, OrganizationEvent> = {
  category: 'organization',
  catalogue: new EventCatalogue(organizationEvents),
  initialState: {
    exists: false,
    name: '',
    subscription: 'active',
    monthlyAssessmentQuota: null,
    createdAt: '',
    keys: new Map(),
    erasedSessions: new Map(),
    countedMonths: new Map(),
  },
  evolve,
  sizeOf: (state) =>
    1024 +
    state.keys.size * 512 +
    [...state.erasedSessions.values()].reduce((sum, bucket) => sum + bucket.length * 64, 0) +
    [...state.countedMonths.values()].reduce((sum, { used }) => sum + used * 64, 0),
};
