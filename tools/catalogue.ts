// Makes docs/events.md from the registry of event types; `--check` says whether the page is up to date.
import { readFile, writeFile } from 'node:fs/promises';
import type { EventDefinition } from '#event-sourcing';
import { eventsByRoom } from '../apps/api/src/root/rooms.js';

const PAGE = 'docs/events.md';

const HEAD = `# Events

Made from the registry of event types by \`npm run catalogue\`; do not edit by hand. A type's name never changes; a change
that breaks readers is a new type.

**Open** names the fields that stand readable in the bare log (a value that does not fit its kind is not left open);
everything else is sealed under the key of whom the event concerns. In activity events, \`body\` is the caller's \`data\`.
`;

const LAYERS = {
  activity: 'Activity: what A6 returns and counts',
  lifecycle: 'Lifecycle facts: shown to auditors by `include=system`',
  record: 'Facts',
} as const;

const spelled = (structure: EventDefinition['structure'], except: ReadonlySet<string>): string =>
  Object.entries(structure)
    .filter(([path]) => !except.has(path))
    .map(([path, kind]) => `\`${path}\` ${kind}`)
    .join(', ');

function table(definitions: readonly EventDefinition[]): string {
  const [first, ...others] = definitions;
  const shared = Object.keys(first?.structure ?? {}).filter(
    (path) => others.length > 0 && others.every(({ structure }) => path in structure),
  );
  const rows = definitions.map(({ type, version, meaning, structure }) => {
    const open = spelled(structure, new Set(shared));
    return `| \`${type}\` | ${version} | ${meaning.replaceAll('|', '\\|')} | ${open || '–'} |`;
  });
  const own = new Set(Object.keys(first?.structure ?? {}).filter((path) => !shared.includes(path)));
  const common = shared.length > 0 ? [`Open in all of them: ${spelled(first!.structure, own)}.`, ''] : [];
  return [...common, '| type | v | meaning | open |', '|---|---|---|---|', ...rows].join('\n');
}

function page(): string {
  const parts = [HEAD];
  for (const [room, definitions] of Object.entries(eventsByRoom)) {
    parts.push(`## ${room}\n`);
    for (const layer of Object.keys(LAYERS) as (keyof typeof LAYERS)[]) {
      const ofLayer = definitions.filter((definition) => definition.layer === layer);
      if (ofLayer.length > 0) parts.push(`### ${LAYERS[layer]} (${ofLayer.length})\n\n${table(ofLayer)}\n`);
    }
  }
  return parts.join('\n');
}

const wanted = page();
if (process.argv.includes('--check')) {
  const there = await readFile(PAGE, 'utf8').catch(() => '');
  if (there !== wanted) {
    console.error(`${PAGE} is not what the registry says: run npm run catalogue.`);
    process.exitCode = 1;
  }
} else await writeFile(PAGE, wanted);
