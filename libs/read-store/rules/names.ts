import { type CollectionSpec, type FieldType, type ProjectionBuild, ReadStoreError } from '#read-store';

const NAME = /^[a-z][a-z0-9_]{0,63}$/;
const FIELD = /^[a-z][a-zA-Z0-9_]{0,63}$/;
const TYPES: ReadonlySet<string> = new Set<FieldType>(['text', 'number', 'boolean', 'time']);

export const keyOf = ({ name, version, build }: ProjectionBuild): string => `${name}.${version}.${build}`;

export const fieldsOf = (collection: CollectionSpec): readonly (readonly [string, FieldType])[] =>
  Object.entries(collection.fields);

export const unknownBuild = (build: ProjectionBuild): ReadStoreError =>
  new ReadStoreError('unknown_build', `There is no build ${build.build} of ${build.name}, version ${build.version}.`);

const refuse = (message: string): never => {
  throw new ReadStoreError('invalid_projection', message);
};

/** Names become part of an engine's own names and of SQL text: nothing but these alphabets gets there. */
export const assertNames = (build: ProjectionBuild, collections: readonly CollectionSpec[]): void => {
  if (!NAME.test(build.name)) refuse(`A projection cannot be named "${build.name}".`);
  for (const number of [build.version, build.build]) {
    if (!Number.isSafeInteger(number) || number < 1) refuse(`${build.name} has the version or build ${number}.`);
  }
  for (const { name, fields, indexes } of collections) {
    if (!NAME.test(name)) refuse(`A collection cannot be named "${name}".`);
    const lowered = Object.keys(fields).map((field) => field.toLowerCase());
    if (new Set(lowered).size !== lowered.length) refuse(`Fields of ${name} differ in upper and lower case only.`);
    for (const [field, type] of Object.entries(fields)) {
      if (!FIELD.test(field)) refuse(`A field of ${name} cannot be named "${field}".`);
      if (!TYPES.has(type)) refuse(`${name}.${field} is of the unknown type "${type}".`);
    }
    for (const field of indexes.flat()) {
      if (!Object.hasOwn(fields, field)) refuse(`An index of ${name} names "${field}", which is no declared field.`);
    }
  }
};
