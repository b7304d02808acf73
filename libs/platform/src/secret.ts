import { randomBytes, randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { SettingError } from './settings.js';

/**
 * A secret kept in the data directory, readable by the owner only, made by whoever comes first. It appears under its name
 * by a link of a complete, synced file, so two starts at once agree and a crash leaves no half.
 */
export function keptSecret(dataDir: string): string {
  try {
    return obtain(dataDir);
  } catch (error) {
    throw new SettingError('VERBATIM_DATA_DIR', `must be a folder this user can write: ${dataDir} (${codeOf(error)}).`);
  }
}

function obtain(dataDir: string): string {
  const path = join(dataDir, 'secret');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const kept = readIfThere(path);
  if (kept) return kept;
  const scratch = `${path}.${randomUUID()}`;
  const file = openSync(scratch, 'wx', 0o600);
  try {
    writeSync(file, `${randomBytes(32).toString('base64url')}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(scratch, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(scratch, { force: true });
  }
  syncFolder(dataDir);
  return readFileSync(path, 'utf8').trim();
}

/** So that the name survives a power cut, not the content alone; Windows opens no folders and needs it not. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException).code ?? error);

const hasCode = (error: unknown, code: string): boolean => codeOf(error) === code;
