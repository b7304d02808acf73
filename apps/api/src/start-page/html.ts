/** Text that is HTML already. Only {@link html} makes it. */
export class Html {
  constructor(readonly text: string) {}
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

export type Insertable = Html | readonly Html[] | string | number | null | undefined;

const inserted = (value: Insertable): string => {
  if (value === null || value === undefined) return '';
  if (value instanceof Html) return value.text;
  return typeof value === 'object' ? value.map(({ text }) => text).join('') : escaped(String(value));
};

/** A template whose insertions are escaped unless they are HTML themselves. Attributes must stand in double quotes. */
export const html = (parts: TemplateStringsArray, ...values: Insertable[]): Html =>
  new Html(parts.reduce((text, part, index) => `${text}${inserted(values[index - 1])}${part}`));
