import { isEmail } from 'class-validator';
import { requireText, VerbatimError } from '#platform';

const MAX_EMAIL = 254;

/** Trimmed, otherwise as the caller spelled it. @throws VerbatimError missing_parameter | invalid_parameter */
export const requireEmail = (value: unknown, param = 'email'): string => {
  if (value === undefined || value === null || value === '')
    throw new VerbatimError('missing_parameter', 'An e-mail address is required.', { param });
  const email = typeof value === 'string' ? value.trim() : '';
  if (email.length > MAX_EMAIL || !email.isWellFormed() || !isEmail(email))
    throw new VerbatimError('invalid_parameter', 'This is not a valid e-mail address.', { param });
  return email;
};

export const requireName = (value: unknown, param = 'name'): string => requireText(value, param);

/** What two spellings of one address have in common (D3). */
export const normaliseEmail = (email: string): string => email.trim().toLowerCase();

/** Who gave no name is called by the part before the @ (D5). */
export const nameFromEmail = (email: string): string => email.slice(0, email.lastIndexOf('@'));
