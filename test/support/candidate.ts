import type { Caller } from './caller.js';
import type { Server } from './server.js';

/** A candidate at a session, as the workspace would call it. */
export interface AtWork {
  readonly sessionId: string;
  readonly token: string;
  readonly workspace: Caller;
}

export async function newAssessment(owner: Caller, fields: Record<string, unknown> = {}): Promise<string> {
  const created = await owner.post('/api/assessments', {
    name: 'Senior PM Assessment',
    taskTimeMinutes: 60,
    ...fields,
  });
  if (created.status !== 201) throw new Error(`assessment: ${created.status} ${JSON.stringify(created.body)}`);
  return created.body.assessment.id;
}

export async function invite(server: Server, assessmentId: string, email: string): Promise<AtWork> {
  const answer = await server.owner.post(`/api/assessments/${assessmentId}/invite`, { email, sendEmail: false });
  if (answer.status !== 201) throw new Error(`invite: ${answer.status} ${JSON.stringify(answer.body)}`);
  const { id: sessionId, token } = answer.body.session;
  return { sessionId, token, workspace: server.as(token) };
}

/** Invited, opened and started. */
export async function atWork(server: Server, assessmentId: string, email: string): Promise<AtWork> {
  const candidate = await invite(server, assessmentId, email);
  const started = await candidate.workspace.post(`/api/sessions/${candidate.sessionId}/start`);
  if (started.status !== 200) throw new Error(`start: ${started.status} ${JSON.stringify(started.body)}`);
  return candidate;
}

export const message = (id: string, content = 'What does the brief ask for?', timestampMs = Date.now()) => ({
  id,
  type: 'user_message',
  timestampMs,
  data: { content },
});

/** Every event of a session by A6, page by page. */
export async function allEvents(
  caller: Caller,
  sessionId: string,
  query = '',
  // biome-ignore lint/suspicious/noExplicitAny: events of many shapes
): Promise<any[]> {
  const events = [];
  for (;;) {
    const page = await caller.get(`/api/sessions/${sessionId}/events?limit=1000&offset=${events.length}${query}`);
    if (page.status !== 200) throw new Error(`events: ${page.status} ${JSON.stringify(page.body)}`);
    events.push(...page.body.events);
    if (events.length >= page.body.total || page.body.events.length === 0) return events;
  }
}

/** What the organization's feed tells of these types, page by page: a page may hold few, and still not be the last. */
export async function feedOf(
  caller: Caller,
  types: readonly string[],
  // biome-ignore lint/suspicious/noExplicitAny: events of many shapes
): Promise<any[]> {
  const events = [];
  for (let after = ''; ; ) {
    const { status, body } = await caller.get(`/v1/events?types=${types.join(',')}&limit=500${after}`);
    if (status !== 200) throw new Error(`feed: ${status} ${JSON.stringify(body)}`);
    events.push(...body.events);
    if (!body.hasMore) return events;
    after = `&after=${body.nextCursor}`;
  }
}
