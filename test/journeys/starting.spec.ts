import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import { failureOf as failure } from '../support/failure.js';
import { endAll, newDataDir, OWNER_KEY, Server } from '../support/server.js';

const shell = async (command: string): Promise<string> =>
  (await promisify(execFile)('/bin/sh', ['-c', command], { timeout: 20_000 })).stdout;

describe('starting and stopping', () => {
  afterAll(endAll);

  it('the_first_start_prints_url_key_and_commands_that_work_as_printed_and_the_second_no_key', async () => {
    const dataDir = await newDataDir();
    const env = { VERBATIM_ADMIN_KEY: '' };
    const first = await Server.start({ dataDir, env });
    const key = /^ {2}(gai_[\w-]{20,})$/m.exec(first.printed)?.[1];
    expect(first.printed).toContain(`listening on ${first.url}`);
    expect(key).toBeDefined();
    const commands = first.printed.split('\n').filter((line) => /^ {2}(curl|VERBATIM_URL=)/.test(line));
    expect(commands).toHaveLength(3);
    const [create, , list] = await Promise.all(
      commands.map((command) => (command.includes('curl') ? shell(command) : Promise.resolve(''))),
    );
    expect(JSON.parse(create!)).toMatchObject({ assessment: { name: 'My first assessment' } });
    expect(JSON.parse(list!)).toMatchObject({ sessions: [], total: 0 });
    expect(commands[1]).toBe(`  VERBATIM_URL=${first.url} VERBATIM_API_KEY="${key}" npm run demo`);
    expect(await first.stop()).toBe(0);

    const second = await Server.start({ dataDir, env });
    expect(second.printed).toContain('Three commands to try');
    expect(second.printed).not.toContain('gai_');
    expect((await second.as(key).get('/api/assessments')).body.total).toBe(1);
    await second.stop();
  });

  it('the_key_made_by_a_first_start_that_found_its_port_in_use_is_printed_by_the_next', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const dataDir = await newDataDir();
    const failed = await Server.launch({ dataDir, env: { VERBATIM_ADMIN_KEY: '', PORT: String(port) } });
    expect(await failed.exited()).toBe(1);
    other.close();
    const next = await Server.start({ dataDir, env: { VERBATIM_ADMIN_KEY: '' } });
    const key = /^ {2}(gai_[\w-]{20,})$/m.exec(next.printed)?.[1];
    expect((await next.as(key).get('/api/organization')).status).toBe(200);
    await next.stop();
  });

  it('a_given_key_is_never_printed', async () => {
    const server = await Server.start();
    expect(server.printed).toContain('$VERBATIM_ADMIN_KEY');
    expect(server.printed).not.toContain(OWNER_KEY);
    await server.stop();
  });

  it('a_wrong_setting_is_one_line_that_names_it', async () => {
    expect(await failure(await Server.launch({ env: { VERBATIM_TRUST_PROXY: 'perhaps' } }))).toContain(
      'VERBATIM_TRUST_PROXY must be',
    );
  });

  it('a_port_in_use_is_one_line', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    expect(await failure(await Server.launch({ env: { PORT: String(port) } }))).toContain(
      `port ${port} on 127.0.0.1 is in use`,
    );
    other.close();
  });

  it('another_secret_than_the_first_starts_is_refused_in_one_line', async () => {
    const first = await Server.start({ env: { VERBATIM_SECRET: 'a'.repeat(32) } });
    await first.stop();
    const second = await Server.launch({ dataDir: first.dataDir, env: { VERBATIM_SECRET: 'b'.repeat(32) } });
    expect(await failure(second)).toContain('VERBATIM_SECRET');
  });

  it('sigterm_finishes_what_is_in_flight_closes_streams_and_exits_0', async () => {
    const server = await Server.start();
    const authorization = `Bearer ${OWNER_KEY}`;
    const stream = await fetch(`${server.url}/v1/events/stream`, { headers: { authorization } });
    const streamed = stream.text();
    const writes = Array.from({ length: 20 }, (_, index) =>
      server.owner.post('/api/assessments', { name: `Assessment ${index}` }),
    );
    await writes[0];
    const started = Date.now();
    expect(await server.stop()).toBe(0);
    expect(Date.now() - started).toBeLessThan(8_000);
    const answers = await Promise.allSettled(writes);
    const kept = answers.filter((answer) => answer.status === 'fulfilled' && answer.value.status === 201);
    expect(kept.length).toBeGreaterThan(0);
    expect(await streamed).toContain('organization_created');

    const again = await Server.start({ dataDir: server.dataDir });
    expect((await again.owner.get('/api/assessments')).body.total).toBeGreaterThanOrEqual(kept.length);
    await again.stop();
  });

  it('metrics_are_for_this_machine_and_count_requests_by_route_template', async () => {
    const server = await Server.start();
    await server.owner.get('/api/sessions/01890000-0000-7000-8000-000000000000');
    const metrics = await server.as(undefined).get('/metrics');
    expect(metrics.status).toBe(200);
    expect(String(metrics.body)).toMatch(
      /verbatim_http_request_duration_seconds_count\{method="GET",route="\/api\/sessions\/:sessionId",status="404"\} 1/,
    );
    expect(String(metrics.body)).toMatch(/verbatim_projection_behind\{projection="sessions",version="\d+"\} 0/);
    expect((await server.as(undefined).get('/metrics', { 'x-forwarded-for': '203.0.113.1' })).status).toBe(404);
    await server.stop();
  });
});
