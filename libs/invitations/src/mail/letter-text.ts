export interface Letter {
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export const recording = (organizationName: string): string =>
  `What you do in the workspace is recorded and read by ${organizationName}.`;

export const minutes = (count: number): string => (count === 1 ? '1 minute' : `${count} minutes`);

export const dayAndTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

/** What turns the direction of the text after it, past its own end: a name must not reach into our sentence. */
const DIRECTION_OVERRIDES = /[\u202a-\u202e\u2066-\u2069]/g;

/** A name may hold line breaks; a header or a greeting may not. */
export const oneLine = (text: string): string =>
  text
    .replace(DIRECTION_OVERRIDES, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);

export const page = (blocks: readonly string[]): string =>
  ['<!doctype html>', '<html lang="en"><body>', ...blocks, '</body></html>', ''].join('\n');
