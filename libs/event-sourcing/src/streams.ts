import type { Subject } from '#ops-store';

/**
 * `<category>-<orgId>.<id>`; an organization's own stream and credentials have no second part.
 * The organization comes from the credential, so a load cannot leave its tenant.
 */
export const streamName = (category: string, orgId: string, id?: string): string =>
  id === undefined ? `${category}-${orgId}` : `${category}-${orgId}.${id}`;

export interface StreamParts {
  readonly category: string;
  readonly orgId: string;
  /** Empty for `organization-<orgId>` and `credential-<hmac>`. */
  readonly id: string;
}

export const parseStream = (stream: string): StreamParts => {
  const dash = stream.indexOf('-');
  const dot = stream.indexOf('.', dash + 1);
  return dot < 0
    ? { category: stream.slice(0, dash), orgId: stream.slice(dash + 1), id: '' }
    : { category: stream.slice(0, dash), orgId: stream.slice(dash + 1, dot), id: stream.slice(dot + 1) };
};

/** Under whose data key an event's contents are sealed: the session, the candidate, or else the organization. */
export const subjectOf = (stream: string): Subject => {
  const { category, orgId, id } = parseStream(stream);
  if (category === 'session' || category === 'candidate') return `${category}:${id}`;
  return `organization:${orgId}`;
};
