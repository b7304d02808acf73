import { isEventStoreError } from '#event-store';
import { SettingError, type SharedStoreUrl, STORE_URL_FORMS } from '#platform';
import { troubleOf } from '../outages/store-trouble.js';

/**
 * Opens a store that is somewhere else. What whoever starts this can mend names the variable that led there.
 *
 * @throws SettingError
 */
export async function openedAt<Store>(at: SharedStoreUrl, what: string, opening: Promise<Store>): Promise<Store> {
  try {
    return await opening;
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    const { setting, shown, kind } = at;
    throw new SettingError(
      setting,
      `is ${shown}, where the ${what} cannot be opened: ${reason} It may be ${STORE_URL_FORMS[kind]}.`,
    );
  }
}

function reasonOf(error: unknown): string | undefined {
  const trouble = troubleOf(error);
  if (trouble) return trouble.reason;
  if (!(error instanceof Error)) return undefined;
  // A URL that its driver does not understand.
  const isRefused = isEventStoreError(error, 'invalid_argument') || error.name.startsWith('Mongo');
  return isRefused ? error.message : undefined;
}
