import { createHash } from 'node:crypto';
import type { RecentEdits } from './metrics-state.js';

const BURST_MS = 2_000;

/**
 * Keystrokes arrive as many edits: one on the same node less than two seconds from the last is part of it. A node is
 * forgotten as soon as an edit comes that is two seconds or more away from it, so that what is carried stays small; with
 * clocks that run forward that is the same as keeping every node.
 */
export const withEdit = (
  recent: RecentEdits,
  node: string,
  at: number,
): { readonly recent: RecentEdits; readonly counts: boolean } => {
  const near = Object.entries(recent).filter(([, last]) => Math.abs(at - last) < BURST_MS);
  const counts = !near.some(([known]) => known === node);
  return { recent: { ...Object.fromEntries(near), [node]: at }, counts };
};

/** Read models hold no contents, and a path may be one: what is carried cannot be read. */
export const digestOf = (stream: string, node: string): string =>
  createHash('sha256').update(`${stream}\n${node}`).digest('base64url').slice(0, 16);
