import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { VerbatimConfig } from '#platform';
import { OutboxCarrier } from './outbox-carrier.js';
import { OutboxFolder } from './outbox-folder.js';

let dataDir: string;
let folder: OutboxFolder;
let carrier: OutboxCarrier;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'outbox-'));
  folder = new OutboxFolder(new VerbatimConfig({ VERBATIM_DATA_DIR: dataDir }));
  carrier = new OutboxCarrier(folder, 'Hiring <jobs@acme.example>');
});

afterEach(() => rm(dataDir, { recursive: true, force: true }));

const link = `http://127.0.0.1:3000/s/vst_${'Ab1_'.repeat(22)}`;
const mail = (sessionId: string, deliveryId = 'd1') => ({
  deliveryId,
  sessionId,
  to: { name: 'Änne', address: 'aenne@example.com' },
  subject: 'Acme invites you: PM',
  text: `Hello Änne,\n\n${link}\n`,
  html: `<p>Hello Änne</p><a href="${link}">Open</a>`,
});

it('a_mail_becomes_a_file_with_headers_and_an_unbroken_link', async () => {
  await carrier.carry(mail('s1'));
  const content = await readFile(join(folder.path, 's1.d1.eml'), 'utf8');
  expect(content).toContain('From: Hiring <jobs@acme.example>');
  expect(content).toContain('<aenne@example.com>');
  expect(content).toContain('Message-ID: <d1@verbatim>');
  expect(content).toContain(`\n${link}\n`);
  expect(content).toContain(`href="${link}"`);
});

it('only_its_owner_can_read_the_folder_and_the_files', async () => {
  await carrier.carry(mail('s1'));
  expect((await stat(folder.path)).mode & 0o777).toBe(0o700);
  expect((await stat(join(folder.path, 's1.d1.eml'))).mode & 0o777).toBe(0o600);
});

it('the_same_delivery_twice_is_one_file', async () => {
  await carrier.carry(mail('s1'));
  await carrier.carry(mail('s1'));
  expect(await readdir(folder.path)).toEqual(['s1.d1.eml']);
});

it('forgetting_a_session_takes_its_files_and_no_others', async () => {
  await Promise.all([mail('s1', 'd1'), mail('s1', 'd2'), mail('s10', 'd3')].map((each) => carrier.carry(each)));
  await folder.forget('s1');
  await folder.forget('s1');
  expect(await readdir(folder.path)).toEqual(['s10.d3.eml']);
});

it('forgetting_where_nothing_was_ever_kept_is_no_error', async () => {
  await expect(folder.forget('s1')).resolves.toBeUndefined();
});

it('a_folder_that_cannot_be_written_is_a_failure_to_try_again', async () => {
  await writeFile(folder.path, 'in the way');
  await expect(carrier.carry(mail('s1'))).rejects.toMatchObject({ name: 'CarriageError', isFinal: false });
});
