import { VerbatimError } from '#platform';

/** What a repository or a page can be fetched by. Anything else, above all `javascript:`, would be a trap for who clicks. */
const SCHEMES = new Set(['http:', 'https:', 'ssh:', 'git:']);

/** Undefined and null pass as null. @throws VerbatimError invalid_url */
export const webAddress = (text: string | null | undefined, param: string): string | null => {
  if (text === undefined || text === null) return null;
  if (!URL.canParse(text) || !SCHEMES.has(new URL(text).protocol))
    throw new VerbatimError('invalid_url', `${param} must be a URL, like https://github.com/acme/api.`, { param });
  return text;
};
