import type { FirstStartResult } from '#organizations';
import type { StoreUrl, VerbatimConfig } from '#platform';

/** What whoever starts the server reads: where it is, the key this once, and three commands that work as printed. */
export function banner(config: VerbatimConfig, first: FirstStartResult, eventStore: string | undefined): string {
  const url = config.publicUrl;
  const key = first.key ?? (config.adminKey && !first.warning ? '$VERBATIM_ADMIN_KEY' : '$VERBATIM_API_KEY');
  const lines = [`Verbatim is listening on ${url}`, whereDataIs(config)];
  if (eventStore) lines.push(`Its log is served to clients of EventStoreDB, to read: ${eventStore}`);
  lines.push('');
  if (first.key) lines.push('Your key, shown this once. Keep it:', '', `  ${first.key}`, '');
  if (first.warning) lines.push(`Note: ${first.warning}`, '');
  lines.push(
    first.key ? 'Three commands to try:' : 'Three commands to try, with your key in the environment:',
    '',
    `  curl -s -X POST ${url}/api/assessments -H "Authorization: Bearer ${key}" -H "Content-Type: application/json" -d '{"name":"My first assessment"}'`,
    `  VERBATIM_URL=${url} VERBATIM_API_KEY="${key}" npm run demo`,
    `  curl -s "${url}/api/sessions?limit=5" -H "Authorization: Bearer ${key}"`,
    '',
    `The API is described at ${url}/docs. Stop with Ctrl-C.`,
    '',
  );
  return lines.join('\n');
}

/** Of a shared store its servers, never the user and password that the URL may hold. */
function whereDataIs({ dataDir, stores: { eventStore, readStore, opsStore } }: VerbatimConfig): string {
  const stores: readonly (readonly [string, StoreUrl])[] = [
    ['event log', eventStore],
    ['read models', readStore],
    ['operations', opsStore],
  ];
  if (stores.every(([, { kind }]) => kind === 'embedded')) return `Its data is in ${dataDir}`;
  const told = stores.map(
    ([what, store]) => `${what} in ${store.kind === 'embedded' ? dataDir : serversOf(store.url)}`,
  );
  return `Its data: ${told.join(', ')}`;
}

const serversOf = (url: string): string => url.replace(/\/\/[^?]*@/, '//').replace(/\?.*$/s, '');
