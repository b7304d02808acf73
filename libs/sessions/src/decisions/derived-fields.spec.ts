import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { withDerivedFields } from './derived-fields.js';

describe('beside a text', () => {
  it('its length is written, unless the caller gave one', () => {
    expect(withDerivedFields('user_message', { content: 'hello' })).toEqual({ content: 'hello', charCount: 5 });
    expect(withDerivedFields('user_message', { content: 'hello', charCount: 4 })).toEqual({
      content: 'hello',
      charCount: 4,
    });
  });

  it.each(['skill_created', 'memory_added'] as const)('of %s its hash is written too', (type) => {
    const sha256 = createHash('sha256').update('remember').digest('hex');
    expect(withDerivedFields(type, { content: 'remember' })).toEqual({ content: 'remember', charCount: 8, sha256 });
    expect(withDerivedFields(type, { content: 'remember', sha256: 'ab' })).toMatchObject({ sha256: 'ab' });
  });

  it('what has no text stays the very object it was', () => {
    const data = { content: 5, exec: 'npm test' };
    expect(withDerivedFields('user_message', data)).toBe(data);
  });
});

describe('of a command, whether it checks the work is told by its label', () => {
  const verify = (label: string) =>
    (withDerivedFields('workflow_run', { exec: { kind: 'command', label } }).exec as { verify: boolean }).verify;

  it.each([
    'npm run lint',
    'npx eslint src --fix',
    'biome check .',
    'ruff check .',
    'golangci-lint run',
    'npx tsc --noEmit',
    'npm run typecheck',
    'pnpm type-check',
    'mypy app',
    'npm run build',
    'cargo check',
    'go vet ./...',
    'make all',
    'Build',
  ])('%s checks it', (label) => {
    expect(verify(label)).toBe(true);
  });

  it.each(['ls -la', 'git commit -m x', 'cat builders.txt', 'npm install', 'mkdir -p maker', 'rm -rf my-build-cache'])(
    '%s does not',
    (label) => {
      expect(verify(label)).toBe(false);
    },
  );

  it('and by nothing else: tests, workflows and callers that say so themselves are left alone', () => {
    const test = { exec: { kind: 'test', label: 'npm run lint' } };
    expect(withDerivedFields('workflow_run', test)).toBe(test);
    const own = { exec: { kind: 'command', label: 'ls', verify: true } };
    expect(withDerivedFields('workflow_run', own)).toBe(own);
  });
});
