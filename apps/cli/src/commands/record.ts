import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Command, Option } from 'commander';
import type { ApiClient, Connect } from '../client.js';
import { READERS, readRecording } from '../record/readers.js';
import type { RecordedStep, Recording, Remark } from '../record/recording.js';
import { type Outcome, SessionPlayer } from '../session-player.js';

interface RecordOptions {
  readonly assessment: string;
  readonly candidate?: string;
  readonly speed: '0' | '1' | '10';
}

export function recordCommand(connect: Connect): Command {
  return new Command('record')
    .description('plays recorded AI-assisted work in as sessions: invited, opened, started, worked at, submitted')
    .argument('<files...>', `recordings (${READERS.map((reader) => reader.format).join(', ')}), recognised by content`)
    .requiredOption('--assessment <id>', 'the assessment that the sessions belong to')
    .option(
      '--candidate <email>',
      'whose session it is (one file); default: an address that follows from the recording',
    )
    .addOption(
      new Option('--speed <speed>', '0 at once, 1 as it happened, 10 ten times faster')
        .choices(['0', '1', '10'])
        .default('0'),
    )
    .action(async (files: string[], options: RecordOptions) => {
      if (options.candidate && files.length > 1)
        throw new Error('--candidate names one person, whose session one recording fills: give one file with it.');
      const client = connect();
      let failures = 0;
      for (const file of files) if (!(await playFile(client, file, options))) failures += 1;
      if (failures > 0) throw new Error(`${failures} of ${files.length} recordings were not played in whole.`);
    });
}

/** False when the file was not read or an event was refused. */
async function playFile(client: ApiClient, file: string, options: RecordOptions): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => error);
  if (typeof text !== 'string') {
    console.error(`${file}: cannot be read (${text.code}).`);
    return false;
  }
  const recording = readRecording(text);
  if (!recording) {
    console.error(`${file}: no known format (known: ${READERS.map((reader) => reader.format).join(', ')}).`);
    return false;
  }
  console.log(`${file}: ${recording.format}, ${recording.steps.length} steps`);
  const email = options.candidate ?? `${slug(recording.source)}@recordings.example`;
  const player = await SessionPlayer.invite(client, options.assessment, { email });
  await player.open();
  const startedAt = await player.start();
  const outcome = await play(player, recording, startedAt, Number(options.speed));
  const status = await player.submit(recording.deliverable ?? undefined);
  console.log(`  session ${player.session.id} of ${email}: ${status}`);
  console.log(
    `  ${outcome.accepted} events stored, ${outcome.duplicates} there before, ${outcome.rejected.length} refused`,
  );
  for (const { id, code, message } of outcome.rejected) console.log(`  refused ${id}: ${code}: ${message}`);
  report('not an action of anybody', recording.unmapped);
  report('broken', recording.broken);
  return outcome.rejected.length === 0;
}

async function play(player: SessionPlayer, recording: Recording, startedAt: number, speed: number): Promise<Outcome> {
  if (speed === 0)
    return player.record(recording.steps.map((step) => event(step, step.at ?? startedAt + step.offsetMs)));
  let accepted = 0;
  let duplicates = 0;
  const rejected: Outcome['rejected'][number][] = [];
  const began = Date.now();
  for (const step of recording.steps) {
    await delay(Math.max(0, began + step.offsetMs / speed - Date.now()));
    const outcome = await player.record([event(step, Date.now())]);
    accepted += outcome.accepted;
    duplicates += outcome.duplicates;
    rejected.push(...outcome.rejected);
  }
  return { accepted, duplicates, rejected };
}

const event = ({ id, type, data }: RecordedStep, timestampMs: number) => ({ id, type, timestampMs, data });

/** Remarks that say the same stand on one line: `lines 7, 11, 14: event_msg token_count`. */
function report(heading: string, remarks: readonly Remark[]): void {
  const places = new Map<string, string[]>();
  for (const { where, what } of remarks) places.set(what, [...(places.get(what) ?? []), where]);
  if (places.size > 0) console.log(`  ${heading}:`);
  for (const [what, where] of places) console.log(`    ${where.join(', ').replaceAll(', line ', ', ')}: ${what}`);
}

const slug = (source: string): string =>
  source
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60) || 'recording';
