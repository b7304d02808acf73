import { dayAndTime, escapeHtml, type Letter, minutes, oneLine, page, recording } from './letter-text.js';

/** All that an invitation by key says; read from the streams at the moment of sending, and never stored. */
export interface KeyInvitation {
  readonly candidateName: string;
  readonly candidateEmail: string;
  readonly assessmentName: string;
  /** As the company called itself when it gave the key out. */
  readonly organizationName: string;
  readonly key: string;
  /** ISO-8601. */
  readonly expiresAt: string;
  readonly taskMinutes: number;
  /** Where a coding tool redeems the key. */
  readonly serverUrl: string;
}

export const writeKeyInvitation = (invitation: KeyInvitation): Letter => {
  const { candidateEmail, key, serverUrl, expiresAt, taskMinutes } = invitation;
  const assessmentName = oneLine(invitation.assessmentName);
  const organizationName = oneLine(invitation.organizationName);
  const name = oneLine(invitation.candidateName);
  const greeting = `Hello ${name},`;
  const opening = `${organizationName} invites you to the coding assessment “${assessmentName}”.`;
  const terms = [
    `Give it to your coding tool, with ${serverUrl} as the server, by ${dayAndTime.format(Date.parse(expiresAt))} (UTC).`,
    `From then on you have up to ${minutes(taskMinutes)}: no clock runs before.`,
    recording(organizationName),
  ];
  const closing = 'The key is yours alone: please do not pass it on.';
  return {
    to: { name, address: candidateEmail },
    subject: `${organizationName} invites you: ${assessmentName}`,
    text: [greeting, '', opening, '', 'Your personal key:', key, '', ...terms, '', closing, ''].join('\n'),
    html: page([
      `<p>${escapeHtml(greeting)}</p>`,
      `<p>${escapeHtml(opening)}</p>`,
      `<p>Your personal key: <code>${escapeHtml(key)}</code></p>`,
      `<p>${terms.map(escapeHtml).join('<br>')}</p>`,
      `<p>${escapeHtml(closing)}</p>`,
    ]),
  };
};
