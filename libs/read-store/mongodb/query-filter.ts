import type { CollectionSpec, Filter, Scalar } from '#read-store';
import { readFilter, type Term } from '../rules/queries.js';

/** As the driver takes it. */
export type MongoFilter = Readonly<Record<string, unknown>>;

export const pathOf = (field: string): string => (field === '_id' ? '_id' : `fields.${field}`);

const NOTHING: MongoFilter = { _id: { $in: [] } };

/**
 * Prefixes have become ranges by now: an index can start at them, and no text is read as a regular expression. MongoDB
 * compares text without a collation by bytes of UTF-8, which is by code points, and keeps null out of ranges, as the port
 * has it.
 */
const compiled = (term: Term): MongoFilter => {
  switch (term.kind) {
    case 'all':
      return joined('$and', term.terms, {});
    case 'any':
      return joined('$or', term.terms, NOTHING);
    case 'equals':
      return { [pathOf(term.field)]: { $eq: term.value } };
    case 'range':
      return { [pathOf(term.field)]: { [term.operator]: term.value } };
    case 'in': {
      const values: readonly Scalar[] = term.orNull ? [...term.values, null] : term.values;
      return { [pathOf(term.field)]: { $in: values } };
    }
  }
};

/** MongoDB refuses an empty $and or $or. */
const joined = (operator: '$and' | '$or', terms: readonly Term[], none: MongoFilter): MongoFilter => {
  if (terms.length < 2) return terms[0] ? compiled(terms[0]) : none;
  return { [operator]: terms.map(compiled) };
};

/** `gone` stands first in every index: what is gone is passed over without a look at a document. */
export const mongoFilter = (collection: CollectionSpec, filter: Filter | undefined): MongoFilter => {
  const term = readFilter(collection, filter);
  return { $and: [{ gone: false }, compiled(term)] };
};
