import type { SQLOutputValue } from 'node:sqlite';
import type { Delivery, DeliveryPage } from '#ops-store';
import type { Statements } from '#platform/sqlite/index.js';

export type DeliveryChange = Partial<Pick<Delivery, 'state' | 'attempts' | 'nextAttemptAt' | 'sentAt' | 'lastError'>>;

const deliveryOf = ({ target, lane, place, ...row }: Record<string, SQLOutputValue>): Delivery =>
  ({
    ...row,
    refs: JSON.parse(row['refs'] as string),
    queue: target === null ? null : { target, lane, place },
  }) as unknown as Delivery;

interface ListedDeliveries {
  readonly deliveries: Delivery[];
  readonly total: number;
}

/** The condition and its values. */
const queuedFor = (target: string | undefined): [string, string[]] =>
  target === undefined ? ['target IS NULL', []] : ['target = ?', [target]];

const CHANGEABLE = ['state', 'attempts', 'nextAttemptAt', 'sentAt', 'lastError'] as const;

export const deliveryMethods = (statements: Statements) => ({
  addDelivery(d: Delivery): boolean {
    const added = statements
      .get('INSERT INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING')
      .run(
        d.id,
        d.orgId,
        d.kind,
        d.subject,
        JSON.stringify(d.refs),
        d.state,
        d.attempts,
        d.nextAttemptAt,
        d.createdAt,
        d.sentAt,
        d.lastError,
        d.queue?.target ?? null,
        d.queue?.lane ?? null,
        d.queue?.place ?? null,
      );
    return added.changes > 0;
  },
  updateDelivery(id: string, change: DeliveryChange): void {
    const named = CHANGEABLE.filter((name) => change[name] !== undefined);
    if (named.length === 0) return;
    statements
      .get(`UPDATE deliveries SET ${named.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`)
      .run(...named.map((name) => change[name] as string | number | null), id);
  },
  dueDeliveries(now: number, limit: number, target?: string): Delivery[] {
    const [whose, values] = queuedFor(target);
    const sql = `SELECT * FROM deliveries WHERE state = 'pending' AND nextAttemptAt <= ? AND ${whose}
                 ORDER BY nextAttemptAt, id LIMIT ?`;
    return statements
      .get(sql)
      .all(now, ...values, limit)
      .map(deliveryOf);
  },
  dueTargets(now: number, limit: number): string[] {
    return statements
      .get(
        `SELECT DISTINCT target FROM deliveries
         WHERE state = 'pending' AND target IS NOT NULL AND nextAttemptAt <= ? LIMIT ?`,
      )
      .all(now, limit)
      .map((row) => row['target'] as string);
  },
  headOfLane(lane: string): Delivery | undefined {
    const row = statements
      .get(`SELECT * FROM deliveries WHERE state = 'pending' AND lane = ? ORDER BY place, id LIMIT 1`)
      .get(lane);
    return row && deliveryOf(row);
  },
  findDelivery(id: string): Delivery | undefined {
    const row = statements.get('SELECT * FROM deliveries WHERE id = ?').get(id);
    return row && deliveryOf(row);
  },
  listDeliveries(orgId: string, { limit, offset, target, state, after }: DeliveryPage): ListedDeliveries {
    const [whose, whom] = queuedFor(target);
    const from = `FROM deliveries WHERE orgId = ? AND ${whose}${state === undefined ? '' : ' AND state = ?'}`;
    const values = [orgId, ...whom, ...(state === undefined ? [] : [state])];
    const counted = statements.get(`SELECT count(*) AS total ${from}`).get(...values);
    const rows = statements
      .get(
        `SELECT * ${from}${after ? ' AND (createdAt, id) < (?, ?)' : ''} ORDER BY createdAt DESC, id DESC LIMIT ? OFFSET ?`,
      )
      .all(...values, ...(after ? [after.createdAt, after.id] : []), limit, offset);
    return { deliveries: rows.map(deliveryOf), total: (counted as { total: number }).total };
  },
  deleteDeliveriesFor(subject: string): void {
    statements.get('DELETE FROM deliveries WHERE subject = ?').run(subject);
  },
});
