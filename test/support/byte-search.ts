import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const filesUnder = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Base64 of a text in the middle of others: it begins at one of three places in a group, and its ends blur. */
const base64Of = (text: string, shift: number): string =>
  Buffer.from(`${' '.repeat(shift)}${text}`)
    .toString('base64')
    .slice(shift === 0 ? 0 : 4, -4);

/** How an ASCII text may stand in a file. */
const spellings = (text: string): Readonly<Record<string, Buffer>> => ({
  plain: Buffer.from(text),
  'utf-16le': Buffer.from(text, 'utf16le'),
  'utf-16be': Buffer.from(text, 'utf16le').swap16(),
  hex: Buffer.from(Buffer.from(text).toString('hex')),
  'base64+0': Buffer.from(base64Of(text, 0)),
  'base64+1': Buffer.from(base64Of(text, 1)),
  'base64+2': Buffer.from(base64Of(text, 2)),
});

/** A running server renames and removes files: when one is gone on opening it, all are listed and read anew. */
const contentsUnder = (
  folder: string,
  isSearched: (file: string) => boolean,
): readonly (readonly [string, Buffer])[] => {
  for (;;)
    try {
      return filesUnder(folder)
        .filter(isSearched)
        .map((file) => [file, readFileSync(file)]);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
};

/** Where any of these texts or bytes stands, byte for byte, in any file of the folder, in free and unused pages too. */
export const findBytes = (
  folder: string,
  wanted: Readonly<Record<string, string | Uint8Array>>,
  isSearched: (file: string) => boolean = () => true,
): readonly string[] => {
  const found: string[] = [];
  for (const [file, content] of contentsUnder(folder, isSearched)) {
    for (const [name, value] of Object.entries(wanted)) {
      const forms = typeof value === 'string' ? spellings(value) : { bytes: Buffer.from(value) };
      for (const [form, bytes] of Object.entries(forms)) {
        if (content.includes(bytes)) found.push(`${name} (${form}) in ${file.slice(folder.length + 1)}`);
      }
    }
  }
  return found;
};
