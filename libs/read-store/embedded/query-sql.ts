import type { CollectionSpec, Filter, ProjectionBuild, Query, Scalar } from '#read-store';
import { type RangeOperator, readFilter, readSort, readWindow, type Term } from '../rules/queries.js';
import { quoted, type SqlValue, sqlValue, tableOf } from './tables.js';

export interface Sql {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

const RANGES: Readonly<Record<RangeOperator, string>> = { $gt: '>', $gte: '>=', $lt: '<', $lte: '<=' };

class Where {
  readonly values: SqlValue[] = [];

  of(term: Term): string {
    switch (term.kind) {
      case 'all':
        return this.joined(term.terms, ' AND ', '1');
      case 'any':
        return this.joined(term.terms, ' OR ', '0');
      case 'equals':
        return term.value === null ? isNull(term.field) : `${quoted(term.field)} = ${this.bind(term.value)}`;
      case 'range':
        return `${quoted(term.field)} ${RANGES[term.operator]} ${this.bind(term.value)}`;
      case 'in': {
        const bound = term.values.map((value) => this.bind(value));
        const found = bound.length ? [`${quoted(term.field)} IN (${bound.join(', ')})`] : [];
        if (term.orNull) found.push(isNull(term.field));
        return found.length ? `(${found.join(' OR ')})` : '0';
      }
    }
  }

  private joined(terms: readonly Term[], word: string, none: string): string {
    if (terms.length < 2) return terms[0] ? this.of(terms[0]) : none;
    return `(${terms.map((term) => this.of(term)).join(word)})`;
  }

  private bind(value: Scalar): string {
    this.values.push(sqlValue(value));
    return '?';
  }
}

const isNull = (field: string): string => `${quoted(field)} IS NULL`;

/** `_gone = 0` word for word: only so does SQLite know that the partial indexes hold all that is asked for. */
const where = (collection: CollectionSpec, filter: Filter | undefined): Sql => {
  const where = new Where();
  return { text: `WHERE _gone = 0 AND ${where.of(readFilter(collection, filter))}`, values: where.values };
};

export const countSql = (build: ProjectionBuild, collection: CollectionSpec, filter: Filter | undefined): Sql => {
  const { text, values } = where(collection, filter);
  return { text: `SELECT count(*) FROM ${tableOf(build, collection.name)} ${text}`, values };
};

export const findSql = (build: ProjectionBuild, collection: CollectionSpec, query: Query): Sql => {
  const { limit, offset } = readWindow(query);
  const { text, values } = where(collection, query.filter);
  const order = readSort(collection, query.sort).map(([field, direction]) => `${quoted(field)} ${direction}`);
  const table = tableOf(build, collection.name);
  return {
    text: `SELECT _id, _stale, _body FROM ${table} ${text} ORDER BY ${order.join(', ')} LIMIT ? OFFSET ?`,
    values: [...values, limit, offset],
  };
};
