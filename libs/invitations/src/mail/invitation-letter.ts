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

export interface Letter {
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
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

const recording = (organizationName: string): string =>
  `What you do in the workspace is recorded and read by ${organizationName}.`;

const minutes = (count: number): string => (count === 1 ? '1 minute' : `${count} minutes`);

const dayAndTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

/** What turns the direction of the text after it, past its own end: a name must not reach into our sentence. */
const DIRECTION_OVERRIDES = /[\u202a-\u202e\u2066-\u2069]/g;

/** A name may hold line breaks; a header or a greeting may not. */
const oneLine = (text: string): string =>
  text
    .replace(DIRECTION_OVERRIDES, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);

const page = (blocks: readonly string[]): string =>
  ['<!doctype html>', '<html lang="en"><body>', ...blocks, '</body></html>', ''].join('\n');
