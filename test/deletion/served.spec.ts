import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { findBytes } from '../support/byte-search.js';
import { newAssessment } from '../support/candidate.js';
import { endAll, Server } from '../support/server.js';

/** Of the fields a list shows or a letter says, what this session alone has. */
const TRACES = {
  name: 'Canary Sparrow-Wren',
  email: 'canary.sparrow@example.com',
  dueDate: '2037-03-07T11:13:17.191Z',
};

const isReadModel = (file: string): boolean => file.includes('read-models.db');

async function invited(server: Server, assessmentId: string): Promise<string> {
  const invitation = { ...TRACES, sendEmail: true };
  const answer = await server.owner.post(`/api/assessments/${assessmentId}/invite`, invitation);
  expect(answer.status).toBe(201);
  const { sessions } = (await server.owner.get('/api/sessions')).body;
  expect(sessions).toMatchObject([{ candidateName: TRACES.name, dueDate: TRACES.dueDate }]);
  return answer.body.session.id;
}

/** What is still found after a while: the read models follow the deletion's answer. */
async function leftOver(dataDir: string): Promise<readonly string[]> {
  for (let tries = 0; ; tries += 1) {
    const found = findBytes(dataDir, TRACES);
    if (found.length === 0 || tries === 100) return found;
    await delay(50);
  }
}

describe('a session deleted by a caller', () => {
  afterAll(endAll);

  it('leaves nothing of its rows and letters in the files of a server that goes on running', async () => {
    const server = await Server.start();
    const sessionId = await invited(server, await newAssessment(server.owner));
    expect(findBytes(server.dataDir, { dueDate: TRACES.dueDate }, isReadModel)).not.toEqual([]);
    expect((await server.owner.delete(`/api/sessions/${sessionId}`)).status).toBe(200);
    expect(await leftOver(server.dataDir)).toEqual([]);
  });

  it('leaves nothing either when the server was killed on answering, and has started again', async () => {
    const server = await Server.start();
    const sessionId = await invited(server, await newAssessment(server.owner));
    expect((await server.owner.delete(`/api/sessions/${sessionId}`)).status).toBe(200);
    await server.kill();
    await Server.start({ dataDir: server.dataDir });
    expect(await leftOver(server.dataDir)).toEqual([]);
  });
});
