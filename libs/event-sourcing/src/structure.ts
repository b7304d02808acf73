import type { EventDefinition, StructureKind } from './catalogue.js';

/** Names that the stored form of an event keeps for itself. */
const RESERVED = new Set(['sealed', '__proto__']);

/** The declared paths as a tree, so that a payload is walked once. */
interface Branch {
  readonly kind?: StructureKind;
  readonly under?: Structure;
}
type Structure = ReadonlyMap<string, Branch>;

const compile = (type: string, paths: Readonly<Record<string, StructureKind>>): Structure => {
  const root = new Map<string, Branch>();
  for (const [path, kind] of Object.entries(paths)) {
    const names = path.split('.');
    const last = names.pop() as string;
    if (names.concat(last).some((name) => name === '' || RESERVED.has(name)))
      throw new Error(`${type} cannot declare "${path}" as structure: the name is kept for the stored form.`);
    let level = root;
    for (const name of names) {
      const under = (level.get(name)?.under as Map<string, Branch> | undefined) ?? new Map<string, Branch>();
      level.set(name, { ...level.get(name), under });
      level = under;
    }
    level.set(last, { ...level.get(last), kind });
  }
  return root;
};

const compiled = new WeakMap<EventDefinition, Structure>();

export const structureOf = (definition: EventDefinition): Structure => {
  const known = compiled.get(definition);
  if (known) return known;
  const made = compile(definition.type, definition.structure);
  compiled.set(definition, made);
  return made;
};

const TEXT_KINDS = {
  id: /^[A-Za-z0-9_.:/+-]{1,128}$/,
  word: /^[a-z][a-z0-9_]{0,63}$/,
  time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/,
  hash: /^[0-9a-f]{32,128}$/,
} as const;

/** Null says nothing about anybody; a list is structure when each of its entries is. */
const fits = (value: unknown, kind: StructureKind): boolean => {
  if (value === null || kind === 'open') return true;
  if (Array.isArray(value)) return value.every((entry) => !Array.isArray(entry) && fits(entry, kind));
  if (kind === 'number' || kind === 'boolean') return typeof value === kind;
  return typeof value === 'string' && TEXT_KINDS[kind].test(value);
};

export interface Picked {
  /** What may stand in the bare log. */
  readonly open: Record<string, unknown>;
  /** Nothing was left out: there is nothing to seal. */
  readonly whole: boolean;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @param withOpen false: texts declared `open` are left out as well, for an event that would be too large with them */
export const pickStructure = (data: object, structure: Structure, withOpen = true): Picked => {
  const open: Record<string, unknown> = {};
  let whole = true;
  for (const [name, value] of Object.entries(data)) {
    if (value === undefined) continue;
    const branch = structure.get(name);
    if (branch?.kind !== undefined && (withOpen || branch.kind !== 'open') && fits(value, branch.kind)) {
      open[name] = value;
    } else if (branch?.under && isRecord(value)) {
      const inner = pickStructure(value, branch.under, withOpen);
      open[name] = inner.open;
      whole &&= inner.whole;
    } else {
      whole = false;
    }
  }
  return { open, whole };
};
