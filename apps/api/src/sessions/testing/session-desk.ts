import { OWNER_KEY, type TestAnswer, TestApi } from '../../testing/test-api.js';

export interface AtDesk {
  readonly id: string;
  readonly token: string;
  readonly name: string;
  readonly email: string;
  readonly assessmentId: string;
  /** `/api/sessions/<id>` */
  readonly path: string;
}

export const ROLES = ['owner', 'admin', 'reviewer', 'auditor', 'scorer', 'runtime'] as const;

const OPERATOR = 'operator-token-of-the-session-specs-0123';

/** A server with a key of each role, and candidates at its sessions. */
export class SessionDesk {
  private people = 0;

  private constructor(
    readonly api: TestApi,
    readonly keys: Readonly<Record<(typeof ROLES)[number], string>>,
    /** Owner key of another organization. */
    readonly stranger: string,
  ) {}

  static async open(): Promise<SessionDesk> {
    const api = await TestApi.whole({ VERBATIM_OPERATOR_TOKEN: OPERATOR });
    const issue = async (role: string) => (await api.ask('POST', '/api/api-keys', { name: role, role })).body.key;
    const keys = {
      owner: OWNER_KEY,
      admin: await issue('admin'),
      reviewer: await issue('reviewer'),
      auditor: await issue('auditor'),
      scorer: await issue('scorer'),
      runtime: await issue('runtime'),
    };
    const { body } = await api.ask('POST', '/api/organizations', { name: 'Strangers' }, OPERATOR);
    return new SessionDesk(api, keys, body.key);
  }

  close(): Promise<void> {
    return this.api.close();
  }

  async assess(fields: object = {}): Promise<string> {
    const body = { name: 'Analyst', taskPrompt: 'Read the numbers.', ...fields };
    return (await this.api.ask('POST', '/api/assessments', body)).body.assessment.id;
  }

  async invite(assessmentId: string, fields: object = {}): Promise<AtDesk> {
    this.people += 1;
    const name = `Person ${this.people}`;
    const email = `person.${this.people}@example.com`;
    const wish = { email, name, sendEmail: false, ...fields };
    const { status, body } = await this.api.ask('POST', `/api/assessments/${assessmentId}/invite`, wish);
    if (status !== 201) throw new Error(`Inviting was answered ${status}: ${JSON.stringify(body)}`);
    const { id, token } = body.session;
    return { id, token, name, email, assessmentId, path: `/api/sessions/${id}` };
  }

  /** Invited to an assessment of its own, opened and started. */
  async atWork(fields: object = {}): Promise<AtDesk> {
    const candidate = await this.invite(await this.assess(fields));
    await this.post(candidate, '/start');
    return candidate;
  }

  get(path: string, key: string = OWNER_KEY): Promise<TestAnswer> {
    return this.api.ask('GET', path, undefined, key);
  }

  /** As the candidate's workspace does. */
  post(candidate: AtDesk, path: string, body: unknown = {}): Promise<TestAnswer> {
    return this.api.ask('POST', candidate.path + path, body, candidate.token);
  }

  record(candidate: AtDesk, ...ids: readonly string[]): Promise<TestAnswer> {
    return this.post(candidate, '/events', { events: ids.map((id) => said(id)) });
  }
}

export const said = (id: string, content = `text ${id}`) => ({
  id,
  type: 'user_message',
  timestampMs: 1,
  data: { content },
});

/** How a refusal looks, to compare `{ status, body }` with. */
export const refusal = (status: number, code: string, details?: object) => ({
  status,
  body: { error: details ? { code, details } : { code } },
});
