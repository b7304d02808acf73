import { escapeHtml, type Letter, oneLine, page } from './letter-text.js';

/** All that a feedback says; read from the streams at the moment of sending, and never stored. */
export interface FeedbackMail {
  readonly candidateName: string;
  readonly candidateEmail: string;
  readonly assessmentName: string;
  readonly organizationName: string;
  readonly feedbackText: string;
}

export const writeFeedback = (feedback: FeedbackMail): Letter => {
  const assessmentName = oneLine(feedback.assessmentName);
  const organizationName = oneLine(feedback.organizationName);
  const name = oneLine(feedback.candidateName);
  const greeting = `Hello ${name},`;
  const opening = `thank you for your work on “${assessmentName}”. This is the feedback of ${organizationName}:`;
  const closing = 'It is about this piece of work alone, and no decision.';
  const paragraphs = feedback.feedbackText.split(/\n{2,}/).map((text) => text.trim());
  return {
    to: { name, address: feedback.candidateEmail },
    subject: `Feedback from ${organizationName}: ${assessmentName}`,
    text: [greeting, '', opening, '', paragraphs.join('\n\n'), '', closing, ''].join('\n'),
    html: page([
      `<p>${escapeHtml(greeting)}</p>`,
      `<p>${escapeHtml(opening)}</p>`,
      ...paragraphs.map((text) => `<p>${escapeHtml(text).replaceAll('\n', '<br>')}</p>`),
      `<p>${escapeHtml(closing)}</p>`,
    ]),
  };
};
