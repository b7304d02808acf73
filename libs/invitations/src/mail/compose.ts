import type { SendMailOptions } from 'nodemailer';
import type { Mail } from './mail-carrier.js';

const DEFAULT_FROM = 'Verbatim <verbatim@localhost>';

/** `asWritten`: not wrapped or encoded, so that a link can be copied from the bare file. */
export const compose = (mail: Mail, from: string | undefined, layout: 'encoded' | 'asWritten'): SendMailOptions => ({
  from: from ?? DEFAULT_FROM,
  to: mail.to,
  subject: mail.subject,
  messageId: `<${mail.deliveryId}@verbatim>`,
  headers: { 'Auto-Submitted': 'auto-generated' },
  disableFileAccess: true,
  disableUrlAccess: true,
  ...(layout === 'encoded'
    ? { text: mail.text, html: mail.html }
    : { alternatives: [asItIs('plain', mail.text), asItIs('html', mail.html)] }),
});

/** The composer encodes every text with a long line; a part that comes with its own headers it leaves alone. */
const asItIs = (subtype: 'plain' | 'html', content: string) => ({
  raw: `Content-Type: text/${subtype}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${content}`,
});
