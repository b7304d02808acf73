import { dayAndTime, escapeHtml, type Letter, minutes, oneLine, page, recording } from './letter-text.js';

/** All that an invitation says; read from the streams at the moment of sending, and never stored. */
export interface Invitation {
  readonly candidateName: string;
  readonly candidateEmail: string;
  readonly assessmentName: string;
  readonly organizationName: string;
  readonly inviteUrl: string;
  /** ISO-8601; null when there is none. */
  readonly dueDate: string | null;
  readonly setupMinutes: number;
  readonly taskMinutes: number;
}

export const writeInvitation = (invitation: Invitation): Letter => {
  const { candidateName, candidateEmail, inviteUrl } = invitation;
  const assessmentName = oneLine(invitation.assessmentName);
  const organizationName = oneLine(invitation.organizationName);
  const name = oneLine(candidateName);
  const greeting = `Hello ${name},`;
  const opening = `${organizationName} invites you to the assessment “${assessmentName}”.`;
  const terms = [timing(invitation), deadline(invitation.dueDate), recording(organizationName)].filter(
    (sentence) => sentence !== '',
  );
  const closing = 'The link is yours alone: please do not pass it on.';
  return {
    to: { name, address: candidateEmail },
    subject: `${organizationName} invites you: ${assessmentName}`,
    text: [greeting, '', opening, '', 'Your personal link:', inviteUrl, '', ...terms, '', closing, ''].join('\n'),
    html: page([
      `<p>${escapeHtml(greeting)}</p>`,
      `<p>${escapeHtml(opening)}</p>`,
      `<p><a href="${escapeHtml(inviteUrl)}">Open the assessment</a></p>`,
      `<p>${terms.map(escapeHtml).join('<br>')}</p>`,
      `<p>${escapeHtml(closing)}</p>`,
    ]),
  };
};

const timing = ({ setupMinutes, taskMinutes }: Invitation): string => {
  const setup = setupMinutes > 0 ? `, after up to ${minutes(setupMinutes)} to set up` : '';
  const clock = 'No clock runs before you begin on that page; once it runs, closing the page does not stop it.';
  return `It takes up to ${minutes(taskMinutes)}${setup}. ${clock}`;
};

const deadline = (dueDate: string | null): string =>
  dueDate === null ? '' : `Please hand in by ${dayAndTime.format(Date.parse(dueDate))} (UTC); after that it closes.`;
