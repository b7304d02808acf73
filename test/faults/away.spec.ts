import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NodeProcess } from '#event-store/eventstoredb/testing/node-process.js';
import type { TestDatabase } from '#platform/mongodb/testing/test-server.js';
import { WireProxy } from '#platform/mongodb/testing/wire-proxy.js';
import { withMongo } from '#platform/mongodb/testing/with-mongo.js';
import type { Caller } from '../support/caller.js';
import { invite, newAssessment } from '../support/candidate.js';
import { logLines } from '../support/log-lines.js';
import { endAll, Server } from '../support/server.js';
import { until } from '../support/until.js';

type Answer = Awaited<ReturnType<Caller['get']>>;

/** Long enough for every loop of the server to fail several times. */
const OUTAGE_MS = 8_000;

withMongo((mongo) => {
  describe('a server whose stores go away', () => {
    let node: NodeProcess;
    let database: TestDatabase;
    let proxy: WireProxy;
    let server: Server;
    let sessionId: string;
    let told = 0;

    beforeAll(async () => {
      node = await NodeProcess.start();
      database = mongo.database();
      proxy = await WireProxy.before(database.url);
      server = await Server.start({
        env: {
          VERBATIM_EVENT_STORE_URL: node.connectionString,
          VERBATIM_READ_STORE_URL: proxy.url,
          VERBATIM_SECRET: 'a secret of all processes of this spec 0123',
          VERBATIM_SCORERS: '8',
          LOG_LEVEL: 'info',
        },
      });
      ({ sessionId } = await invite(server, await newAssessment(server.owner), 'jane@example.com'));
      await until(
        () => server.owner.get('/api/sessions'),
        ({ body }) => body.total === 1,
      );
      told = logLines(server).length;
    }, 90_000);
    afterAll(async () => {
      await endAll();
      await proxy.close();
      await node[Symbol.asyncDispose]();
      await database.bare((bare) => bare.client.db(`${database.name}_ops`).dropDatabase());
      await database.drop();
    });

    const news = () => logLines(server).slice(told);
    const lines = (count: number) =>
      until(
        async () => news().map(({ message }) => message),
        (messages) => messages.length >= count,
        60_000,
      );
    /** Asks for as long as an outage is to last. */
    const during = async (ask: () => Promise<Answer>): Promise<readonly Answer[]> => {
      const answers: Answer[] = [];
      for (const end = performance.now() + OUTAGE_MS; performance.now() < end; await sleep(100))
        answers.push(await ask());
      return answers;
    };
    const refusals = (answers: readonly Answer[]) =>
      new Set(
        answers.map(({ status, headers, body }) => [status, body.error?.code, headers.has('retry-after')].join()),
      );

    it('says once that MongoDB is away and once that it is back, and answers lists with that at once', async () => {
      proxy.down();
      expect((await lines(2)).toSorted()).toEqual([
        expect.stringMatching(/^The operational store \(mongodb:\/\/.+_ops.*\) is away: .+asked again/),
        expect.stringMatching(/^The read models \(mongodb:\/\/.+\) are away: .+asked again/),
      ]);
      const answers = await during(() => server.owner.get('/api/sessions'));
      expect(refusals(answers)).toEqual(new Set(['503,storage_unavailable,true']));
      // Waiting for the projection would take 5 s each time.
      expect(answers.length).toBeGreaterThan(OUTAGE_MS / 1_000);
      proxy.up();
      expect((await lines(4)).slice(2).toSorted()).toEqual([
        expect.stringMatching(/^The operational store .* is back after \d+ s/),
        expect.stringMatching(/^The read models .* are back after \d+ s/),
      ]);
      await until(
        () => server.owner.get('/api/sessions'),
        ({ status, body }) => status === 200 && body.total === 1,
      );
      expect(news()).toHaveLength(4);
      told += 4;
    }, 120_000);

    it('says once that EventStoreDB is away and once that it is back, whatever its scorers and policies tried', async () => {
      await node.kill();
      expect(await lines(1)).toEqual([expect.stringMatching(/^The event log \(esdb:\/\/.+\) is away: .+asked again/)]);
      const answers = await during(() => server.owner.get(`/api/sessions/${sessionId}`));
      expect(refusals(answers)).toEqual(new Set(['503,storage_unavailable,true']));
      const metrics = await server.as(undefined).get('/metrics');
      expect([metrics.status, String(metrics.body)]).toEqual([
        200,
        expect.stringMatching(/verbatim_store_available\{store="eventLog"\} 0\n.*store="operations"\} 1\n/),
      ]);
      await node.restart();
      expect((await lines(2))[1]).toMatch(/^The event log .* is back after \d+ s/);
      const invited = await until(
        () => server.owner.post('/api/assessments', { name: 'After', taskTimeMinutes: 60 }),
        ({ status }) => status === 201,
      );
      expect(invited.status).toBe(201);
      expect(news().map(({ message }) => message)).toHaveLength(2);
    }, 120_000);

    it('tells no stacks of an outage', () => {
      expect(logLines(server).filter(({ err, stack }) => err !== undefined || stack !== undefined)).toEqual([]);
    });
  });
});
