import { createHash } from 'node:crypto';
import type { ActivityTypeName } from '../activity.types.js';

type Body = Readonly<Record<string, unknown>>;

/**
 * Fields that follow from a text are written beside it when the event is decided, where the caller left them out: counts
 * and hashes outlive the text, and no reader has to derive them again in its own way.
 */
export const withDerivedFields = (type: ActivityTypeName, data: Body): Body => {
  const { content, charCount, sha256, exec } = data;
  const derived: Record<string, unknown> = {};
  if (typeof content === 'string') {
    if (charCount === undefined) derived.charCount = content.length;
    if (sha256 === undefined && (type === 'skill_created' || type === 'memory_added'))
      derived.sha256 = createHash('sha256').update(content).digest('hex');
  }
  if (isCommand(exec) && exec.verify === undefined) derived.exec = { ...exec, verify: VERIFYING.test(exec.label) };
  for (const _ in derived) return { ...data, ...derived };
  return data;
};

const isCommand = (exec: unknown): exec is Body & { readonly kind: 'command'; readonly label: string } =>
  typeof exec === 'object' &&
  exec !== null &&
  'kind' in exec &&
  exec.kind === 'command' &&
  'label' in exec &&
  typeof exec.label === 'string';

/** Lint, type check or build: commands by which somebody checks the work. */
const VERIFYING = new RegExp(
  [
    'lint(er|ing)?|eslint|tslint|stylelint|pylint|flake8|ruff|rubocop|clippy|shellcheck|golangci-lint|biome|checkstyle',
    'type-?check(ing|er|s)?|types?:check|tsc|vue-tsc|mypy|pyright|sorbet|flow check',
    'build|compile|make|webpack|rollup|esbuild|msbuild|javac|gcc|g\\+\\+|clang|cargo check|go vet',
  ]
    .map((words) => `(?:${words})`)
    .join('|')
    .replace(/^/, '(?<![\\w-])(?:')
    .replace(/$/, ')(?![\\w-])'),
  'i',
);
