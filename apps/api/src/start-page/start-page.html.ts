import type { DeliverableType } from '#assessments';
import type { Workspace } from '#sessions';
import { Html, html } from './html.js';

const STYLE = `
body { font: 17px/1.5 system-ui, sans-serif; color: #1d2129; background: #f5f6f8; margin: 0; }
main { max-width: 40rem; margin: 3rem auto; padding: 2rem; background: #fff; border-radius: 12px; }
h1, p, dd { overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 1.5rem 0 .25rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.25rem; margin: 1.5rem 0; }
dt { color: #5b6472; } dd { margin: 0; min-width: 0; }
.note { padding: .75rem 1rem; background: #fff6df; border-radius: 8px; }
button { font: inherit; padding: .7rem 1.4rem; border: 0; border-radius: 8px; background: #1f5fd6; color: #fff; cursor: pointer; }
button[disabled] { opacity: .6; cursor: default; }
#problem { color: #b3261e; }
`;

/**
 * Opening is a POST by a click: mail scanners and link previews fetch pages, and must not start anybody's clock. Times
 * get the reader's own beside UTC: a due date read in the wrong zone is missed.
 */
const SCRIPT = `
for (const time of document.querySelectorAll('time')) {
  const moment = new Date(time.dateTime);
  if (moment.getTimezoneOffset() !== 0)
    time.append(' (' + moment.toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' }) + ' where you are)');
}
const button = document.getElementById('open');
button?.addEventListener('click', async () => {
  const problem = document.getElementById('problem');
  button.disabled = true;
  problem.textContent = '';
  try {
    const answer = await fetch(button.dataset.url, { method: 'POST', headers: { authorization: 'Bearer ' + button.dataset.token } });
    if (answer.ok) return location.reload();
    const body = await answer.json().catch(() => undefined);
    problem.textContent = body?.error?.message ?? 'The session could not be opened. Please try again.';
  } catch {
    problem.textContent = 'There is no connection. Please try again.';
  }
  button.disabled = false;
});
`;

export function startPage(workspace: Workspace, token: string, nonce: string): string {
  const { session, assessment } = workspace;
  const name = assessment.name ?? 'Assessment';
  return page(
    name,
    nonce,
    html`<h1 dir="auto">${name}</h1>
      ${assessment.role && html`<p dir="auto">${assessment.role}</p>`}
      <p>Hello <bdi>${session.candidateName ?? 'and welcome'}</bdi>,</p>
      ${stateOf(workspace)} ${isOver(workspace) ? '' : termsOf(workspace)}
      <h2>What is recorded</h2>
      <p>
        Everything you do in the session: your messages to the AI and its answers, the tools, files and settings you
        use, what you save and hand in, and when. Whoever invited you reads and scores this record.
      </p>
      ${isOver(workspace) ? '' : CLOCK} ${mayOpen(workspace) ? openButton(workspace, token) : ''}`,
  );
}

export const unknownLinkPage = (nonce: string): string =>
  page(
    'This link is not valid',
    nonce,
    html`<h1>This link is not valid</h1>
      <p>
        Please check that it is complete: mail programs sometimes cut long links. If it still does not work, ask whoever
        invited you for a new one.
      </p>`,
  );

const page = (title: string, nonce: string, content: Html): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <style nonce="${nonce}">
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <main>${content}</main>
        <script nonce="${nonce}">
          ${new Html(SCRIPT)}
        </script>
      </body>
    </html>`.text;

const CLOCK = html`<p class="note">
  The clock runs on our server. Closing the page or losing the connection does not stop it; when the time is over, what
  you saved last is handed in.
</p>`;

const termsOf = ({ session, assessment }: Workspace): Html => html`<dl>
  ${assessment.setupTimeMinutes > 0 ? fact('Time to set up', minutes(assessment.setupTimeMinutes)) : ''}
  ${fact('Time for the task', minutes(assessment.taskTimeMinutes))}
  ${assessment.phases.length > 1 ? fact('In phases', html`${assessment.phases.map(phase)}`) : ''}
  ${assessment.deliverableType ? fact('To hand in', DELIVERABLES[assessment.deliverableType]) : ''}
  ${fact('To be done by', session.effectiveDueDate ? moment(session.effectiveDueDate) : 'no fixed date')}
</dl>`;

const DELIVERABLES: Readonly<Record<DeliverableType, string>> = {
  pptx: 'a presentation (pptx)',
  docx: 'a document (docx)',
  xlsx: 'a spreadsheet (xlsx)',
  pdf: 'a PDF',
  email: 'an e-mail',
  text: 'a text',
  code: 'code',
  other: 'what the task asks for',
};

const fact = (name: string, value: Html | string): Html => html`<dt>${name}</dt>
  <dd>${value}</dd>`;

const phase = ({ index, name, timeMinutes }: Workspace['assessment']['phases'][number]): Html =>
  html`${index > 0 ? ', ' : ''}<bdi>${name ?? `phase ${index + 1}`}</bdi> (${timeMinutes} min)`;

const minutes = (count: number): string => (count === 1 ? '1 minute' : `${count} minutes`);

const openButton = ({ session, assessment }: Workspace, token: string): Html =>
  html`<p>
      Nothing has begun yet. When you open the session,
      ${
        assessment.setupTimeMinutes > 0
          ? 'the time to set up starts; when it is over, the task begins by itself.'
          : 'the time for the task starts.'
      }
    </p>
    <button id="open" type="button" data-url="../api/sessions/${session.id}/open" data-token="${token}">
      Open the session
    </button>
    <p id="problem" role="alert"></p>`;

const mayOpen = ({ session }: Workspace): boolean =>
  session.status === 'invited' && session.closedReason === null && !session.accessExpired;

/** Nothing can be done any more. */
const isOver = (workspace: Workspace): boolean =>
  !(mayOpen(workspace) || ['setup', 'in_progress'].includes(workspace.session.status)) ||
  workspace.session.closedReason !== null;

function stateOf(workspace: Workspace): Html {
  const { session } = workspace;
  if (session.closedReason === 'cancelled')
    return html`<p>This session was cancelled. There is nothing for you to do.</p>`;
  if (session.accessExpired)
    return html`<p>The time to begin is over. Ask whoever invited you if you still want to.</p>`;
  switch (session.status) {
    case 'invited':
      return html`<p>You are invited to this assessment.</p>
        ${shortened(workspace)}`;
    case 'setup':
    case 'in_progress':
      return html`<p>Your session is open. ${running(workspace)} Go on in your workspace.</p>`;
    default:
      return html`<p>
        Your work was handed in${session.submittedAt && html` at ${moment(session.submittedAt)}`}. Thank you.
      </p>`;
  }
}

function running({ timer, assessment }: Workspace): Html | undefined {
  if (timer === null) return undefined;
  const end = moment(timer.deadlineAt);
  if (timer.phase === 'setup') return html`The time to set up ends at ${end}; then the task begins by itself.`;
  const last = timer.phaseIndex >= assessment.phases.length - 1;
  return last ? html`The task ends at ${end}.` : html`This phase ends at ${end}; then the next begins by itself.`;
}

/** D6: the due date ends the session also when its time is not used up; who begins late should know before. */
function shortened({ session, assessment, serverNow }: Workspace): Html | undefined {
  if (!session.effectiveDueDate) return undefined;
  const left = Math.floor((Date.parse(session.effectiveDueDate) - Date.parse(serverNow)) / 60_000);
  if (left >= assessment.setupTimeMinutes + assessment.taskTimeMinutes) return undefined;
  return html`<p class="note">If you begin now you have ${minutes(Math.max(0, left))} in all: the due date ends the session.</p>`;
}

const moment = (iso: string): Html => html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC</time>`;
