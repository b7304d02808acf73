import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SessionDesk } from '../sessions/testing/session-desk.js';

let desk: SessionDesk;

beforeAll(async () => {
  desk = await SessionDesk.open();
});
afterAll(() => desk.close());

const show = async (token: string) => {
  const { status, headers, body } = await desk.api.ask('GET', `/s/${token}`, undefined, null);
  return { status, headers, text: String(body).replace(/\s+/g, ' ') };
};

describe('the page an invite link leads to', () => {
  it('says what, how long, by when and what is recorded, and that the clock does not wait', async () => {
    const assessmentId = await desk.assess({ name: 'Market study', setupTimeMinutes: 10, taskTimeMinutes: 45 });
    const { token } = await desk.invite(assessmentId, { dueDate: '2090-05-01T16:30:00Z' });
    const { status, headers, text } = await show(token);
    expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'text/html; charset=utf-8' });
    for (const words of [
      'Market study',
      '10 minutes',
      '45 minutes',
      '2090-05-01 16:30 UTC',
      'What is recorded',
      'does not stop it',
    ])
      expect(text).toContain(words);
  });

  it('shows nothing of the task before its clock runs', async () => {
    const { token } = await desk.invite(await desk.assess({ taskPrompt: 'The secret task.' }));
    expect((await show(token)).text).not.toContain('secret task');
  });

  it('changes nothing however often it is fetched', async () => {
    const candidate = await desk.invite(await desk.assess());
    const before = (await desk.get(`${candidate.path}/replay`)).body;
    for (let round = 0; round < 5; round += 1) await show(candidate.token);
    const after = (await desk.get(`${candidate.path}/replay`)).body;
    expect({ seq: after.seq, status: after.state.status }).toEqual({ seq: before.seq, status: 'invited' });
  });

  it('offers a button that opens the session by POST, and none once it is open, closed or too late', async () => {
    const candidate = await desk.invite(await desk.assess());
    const { text } = await show(candidate.token);
    const [, url, token] =
      /<button id="open" type="button" data-url="\.\.(\/[^"]+)" data-token="([^"]+)"/.exec(text) ?? [];
    expect(url).toBe(`${candidate.path}/open`);
    expect((await desk.api.ask('POST', url!, undefined, token!)).body.session.status).toBe('setup');
    expect((await show(candidate.token)).text).toMatch(
      /Your session is open\. The time to set up ends at <time datetime="20/,
    );
    expect((await show(candidate.token)).text).not.toContain('<button');

    const cancelled = await desk.invite(await desk.assess());
    await desk.api.ask('POST', `${cancelled.path}/cancel`, { reason: 'No longer needed' });
    expect((await show(cancelled.token)).text).toMatch(/was cancelled/);
    expect((await show(cancelled.token)).text).not.toMatch(/<button|Time for the task|does not stop it/);
  });

  it('says before the start when the due date leaves less time than the task has', async () => {
    const soon = new Date(desk.api.clock.now() + 20 * 60_000 + 30_000).toISOString();
    const { token } = await desk.invite(await desk.assess({ taskTimeMinutes: 60 }), { dueDate: soon });
    expect((await show(token)).text).toContain('If you begin now you have 20 minutes in all');
  });

  it('keeps names as text, whatever is in them, and runs no script but its own', async () => {
    const hostile = '"><script>alert(1)</script><img src=x onerror=alert(2)>';
    const { token } = await desk.invite(await desk.assess({ name: hostile }), { name: hostile });
    const { headers, text } = await show(token);
    expect(text).not.toMatch(/<script>|<img/);
    expect(text).toContain('&lt;script&gt;alert(1)');
    const nonce = /script-src 'nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1];
    expect([...text.matchAll(/<script([^>]*)>/g)].map(([, attributes]) => attributes)).toEqual([` nonce="${nonce}"`]);
    expect((await show(token)).headers['content-security-policy']).not.toContain(nonce);
    expect(headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' });
  });

  it.each([['vst_nonsense'], ['%3Cscript%3Ealert(1)%3C%2Fscript%3E'], [`vst_${'A'.repeat(86)}`], ['x']])(
    'answers %s with a friendly 404 that repeats nothing of it',
    async (token) => {
      const { status, text } = await show(token);
      expect(status).toBe(404);
      expect(text).toContain('This link is not valid');
      expect(text).not.toContain('alert(1)');
    },
  );

  it('answers a deleted session like a link that never was', async () => {
    const candidate = await desk.invite(await desk.assess());
    await desk.api.ask('DELETE', candidate.path);
    expect(await show(candidate.token)).toMatchObject({ status: 404, text: expect.stringContaining('not valid') });
  });
});
