import type { SQLOutputValue } from 'node:sqlite';
import type { Delivery } from '#ops-store';
import type { Statements } from '#platform/sqlite/index.js';

export type DeliveryChange = Partial<Pick<Delivery, 'state' | 'attempts' | 'nextAttemptAt' | 'sentAt' | 'lastError'>>;

const deliveryOf = (row: Record<string, SQLOutputValue>): Delivery =>
  ({ ...row, refs: JSON.parse(row['refs'] as string) }) as unknown as Delivery;

const CHANGEABLE = ['state', 'attempts', 'nextAttemptAt', 'sentAt', 'lastError'] as const;

export const deliveryMethods = (statements: Statements) => ({
  addDelivery(d: Delivery): boolean {
    const added = statements
      .get('INSERT INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING')
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
  dueDeliveries(now: number, limit: number): Delivery[] {
    return statements
      .get(`SELECT * FROM deliveries WHERE state = 'pending' AND nextAttemptAt <= ? ORDER BY nextAttemptAt, id LIMIT ?`)
      .all(now, limit)
      .map(deliveryOf);
  },
  findDelivery(id: string): Delivery | undefined {
    const row = statements.get('SELECT * FROM deliveries WHERE id = ?').get(id);
    return row && deliveryOf(row);
  },
  listDeliveries(orgId: string, limit: number, offset: number): { deliveries: Delivery[]; total: number } {
    const counted = statements.get('SELECT count(*) AS total FROM deliveries WHERE orgId = ?').get(orgId);
    const rows = statements
      .get('SELECT * FROM deliveries WHERE orgId = ? ORDER BY createdAt DESC, id DESC LIMIT ? OFFSET ?')
      .all(orgId, limit, offset);
    return { deliveries: rows.map(deliveryOf), total: (counted as { total: number }).total };
  },
  deleteDeliveriesFor(subject: string): void {
    statements.get('DELETE FROM deliveries WHERE subject = ?').run(subject);
  },
});
