import { expect, it } from '@jest/globals';
import { writeInvitation } from './invitation-letter.js';

const invitation = {
  candidateName: 'Alice Johnson',
  candidateEmail: 'alice@example.com',
  assessmentName: 'Senior PM',
  organizationName: 'Acme',
  inviteUrl: 'https://work.example.com/s/vst_token',
  dueDate: '2030-02-01T23:59:59.000Z',
  setupMinutes: 10,
  taskMinutes: 60,
};

it('says who invites, to what, how long it takes, by when, that it is recorded, and where it opens', () => {
  const letter = writeInvitation(invitation);
  expect(letter.to).toEqual({ name: 'Alice Johnson', address: 'alice@example.com' });
  expect(letter.subject).toBe('Acme invites you: Senior PM');
  for (const part of [
    'Hello Alice Johnson,',
    'Acme invites you to the assessment “Senior PM”.',
    '\nhttps://work.example.com/s/vst_token\n',
    'up to 60 minutes, after up to 10 minutes to set up',
    'by 1 February 2030 at 23:59 (UTC)',
    'recorded and read by Acme',
  ])
    expect(letter.text).toContain(part);
  expect(letter.html).toContain('<a href="https://work.example.com/s/vst_token">');
});

it('leaves out the due date and the setup phase when there are none', () => {
  const { text } = writeInvitation({ ...invitation, dueDate: null, setupMinutes: 0, taskMinutes: 1 });
  expect(text).toContain('It takes up to 1 minute. ');
  expect(text).not.toMatch(/hand in|set up/);
});

it('lets no name become markup', () => {
  const { html } = writeInvitation({
    ...invitation,
    candidateName: '<img src=x onerror="a()">',
    organizationName: 'A&B',
  });
  expect(html).toContain('Hello &lt;img src=x onerror=&quot;a()&quot;&gt;,');
  expect(html).toContain('A&amp;B');
});

it('keeps names to one line, in headers above all', () => {
  const letter = writeInvitation({
    ...invitation,
    candidateName: 'Alice\r\nBcc: everybody@example.com',
    assessmentName: 'PM\u0000\n\tround 2',
  });
  expect(letter.to.name).toBe('Alice Bcc: everybody@example.com');
  expect(letter.subject).toBe('Acme invites you: PM round 2');
});

it('lets no name turn the direction of the sentence around it', () => {
  const letter = writeInvitation({ ...invitation, assessmentName: 'مرحبا \u202egnp.exe' });
  expect(letter.subject).toBe('Acme invites you: مرحبا gnp.exe');
  expect(letter.text).not.toContain('\u202e');
});
