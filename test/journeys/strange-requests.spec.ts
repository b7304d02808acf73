import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { atWork, newAssessment } from '../support/candidate.js';
import { DescribedAnswers } from '../support/described-answers.js';
import { refusalOf } from '../support/refusal.js';
import { endAll, OWNER_KEY, Server } from '../support/server.js';
import { strangeRequests } from '../support/strange-requests.js';

const OPERATOR = 'operator-token-of-strange-requests-0123456789';
const SEED = 20_261_122;
const EACH = 10;

describe('strange requests', () => {
  let server: Server;

  beforeAll(async () => {
    server = await Server.start({ env: { VERBATIM_OPERATOR_TOKEN: OPERATOR } });
  });

  afterAll(endAll);

  it('are_answered_on_every_route_as_described_and_never_by_an_error_of_ours', async () => {
    const document = (await server.owner.get('/openapi.json')).body;
    const described = new DescribedAnswers(document);
    const types = (await server.owner.get('/v1/events?types=none')).body.error.details.allowed;
    const operations = Object.entries(document.paths as Record<string, object>).flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([method]) => method !== 'parameters')
        .map(([method, operation]) => [method.toUpperCase(), path, operation] as const),
    );
    const statuses = new Map<number, number>();
    for (const operation of operations) {
      const [, path, { security = [] }] = operation;
      if (path.endsWith('/stream') || path === '/s/{token}' || path === '/metrics') continue;
      // What strange changes of the organization forbid is allowed again.
      await server.owner.patch('/api/organization', { subscription: 'active', monthlyAssessmentQuota: null });
      // Each route has its own session, so that one route's deletions leave the others something to answer about.
      const assessmentId = await newAssessment(server.owner);
      const one = await atWork(server, assessmentId, `strange.${operations.indexOf(operation)}@example.com`);
      const { candidateId } = (await server.owner.get(`/api/sessions/${one.sessionId}`)).body.session;
      const ids = { assessmentId, candidateId, sessionId: one.sessionId };
      const credential =
        'sessionToken' in Object.assign({}, ...security)
          ? one.token
          : 'operator' in Object.assign({}, ...security)
            ? OPERATOR
            : OWNER_KEY;
      for (const request of strangeRequests(operation, ids, types, { seed: SEED, count: EACH })) {
        const answer = await server.as(credential).send(request.method, request.path, request.body);
        expect({ ...request, status: answer.status, ours: answer.status >= 500 }).toMatchObject({ ours: false });
        if (answer.status >= 400) refusalOf(answer);
        else {
          const misfit = described.misfit(operation[0], path, answer);
          expect({ ...request, status: answer.status, misfit }).toMatchObject({ misfit: undefined });
        }
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      }
    }
    // Not all of them were refused at the door: the strange got inside as well.
    for (const status of [200, 201, 400, 404]) expect(statuses.get(status)).toBeGreaterThan(4);
    expect(server.printed).not.toMatch(/"level":"(error|fatal)"/);
  }, 180_000);
});
