import { normaliseEmail } from '#candidates';
import { VerbatimError } from '#platform';

export interface KeysWish {
  readonly count: number;
  readonly candidateEmails?: readonly string[] | undefined;
  readonly candidateNames?: readonly string[] | undefined;
  readonly orgName?: string | undefined;
}

export interface Invitee {
  readonly email: string;
  readonly name: string | null;
}

/**
 * For whom the keys are, one entry each; null: nobody named. Lists that do not fit each other, names without addresses and an
 * address given twice are refused whole (D25).
 * @throws VerbatimError length_mismatch | duplicate_email
 */
export const inviteesOf = ({ count, candidateEmails, candidateNames }: KeysWish): readonly (Invitee | null)[] => {
  if (candidateEmails && candidateEmails.length !== count)
    throw mismatch('candidateEmails', `has ${candidateEmails.length} entries for a count of ${count}`);
  if (candidateNames && candidateNames.length !== candidateEmails?.length)
    throw mismatch(
      'candidateNames',
      candidateEmails
        ? `has ${candidateNames.length} entries for ${candidateEmails.length} candidateEmails`
        : 'needs candidateEmails beside it',
    );
  if (!candidateEmails) return Array.from({ length: count }, () => null);
  refuseDuplicates(candidateEmails);
  return candidateEmails.map((email, at) => ({ email, name: candidateNames?.[at]?.trim() || null }));
};

const refuseDuplicates = (emails: readonly string[]): void => {
  const seen = new Map<string, number>();
  for (const [at, email] of emails.entries()) {
    const first = seen.get(normaliseEmail(email));
    if (first !== undefined)
      throw new VerbatimError(
        'duplicate_email',
        `candidateEmails[${at}] is the address of candidateEmails[${first}].`,
        {
          param: `candidateEmails[${at}]`,
        },
      );
    seen.set(normaliseEmail(email), at);
  }
};

const mismatch = (param: string, problem: string): VerbatimError =>
  new VerbatimError('length_mismatch', `${param} ${problem}.`, { param });
