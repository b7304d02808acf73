import { VerbatimError } from './errors.js';

/**
 * A line of text a person gave: a name, a title. Kept as it was written, blanks at both ends apart.
 * NUL and lone surrogates are refused: no store and no mail takes them unchanged.
 * @throws VerbatimError missing_parameter | invalid_parameter
 */
export const requireText = (value: unknown, param: string, longest = 255): string => {
  if (value === undefined || value === null)
    throw new VerbatimError('missing_parameter', `${param} is missing.`, { param });
  if (typeof value !== 'string') throw new VerbatimError('invalid_parameter', `${param} must be text.`, { param });
  const text = value.trim();
  if (text === '') throw new VerbatimError('invalid_parameter', `${param} must not be empty.`, { param });
  if (text.length > longest)
    throw new VerbatimError('invalid_parameter', `${param} has ${text.length} characters; ${longest} are allowed.`, {
      param,
    });
  if (text.includes('\0') || !text.isWellFormed())
    throw new VerbatimError('invalid_parameter', `${param} holds NUL or half a surrogate pair.`, { param });
  return text;
};
