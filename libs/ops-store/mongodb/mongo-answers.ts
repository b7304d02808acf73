import type { AnswerRecords, AnswerRow, BeginEntry, FinishEntry } from '../sealed/records.js';
import type { Models } from './models.js';
import { inserted } from './mongo-records.js';
import type { MongoServer } from './mongo-server.js';

export class MongoAnswers implements AnswerRecords {
  constructor(
    private readonly server: MongoServer,
    private readonly models: Models,
  ) {}

  async begin({ id, fingerprint, token, now, lockUntil }: BeginEntry): Promise<AnswerRow | undefined> {
    const mine = { fingerprint, token, expires: lockUntil, subject: null, answer: null };
    if (await this.server.ask(() => inserted(this.models.answers.insertOne({ _id: id, ...mine })))) return undefined;
    // One step decides whether what stands has lapsed and takes it over.
    const taken = await this.server.ask(() =>
      this.models.answers.updateOne({ _id: id, expires: { $lte: now } }, { $set: mine }),
    );
    if (taken.modifiedCount > 0) return undefined;
    const standing = await this.server.ask(() => this.models.answers.findById(id).lean());
    // Abandoned in this moment: free again.
    return standing ?? this.begin({ id, fingerprint, token, now, lockUntil });
  }

  async finish({ id, token, answer, subject, expires }: FinishEntry): Promise<void> {
    const kept = { answer: Buffer.from(answer), subject, expires };
    await this.server.ask(() => this.models.answers.updateOne({ _id: id, token, answer: null }, { $set: kept }));
  }

  async abandon(id: string, token: string): Promise<void> {
    await this.server.ask(() => this.models.answers.deleteOne({ _id: id, token, answer: null }));
  }

  async deleteFor(subject: string): Promise<void> {
    await this.server.ask(() => this.models.answers.deleteMany({ subject }));
  }

  async deleteExpired(now: number): Promise<number> {
    const { deletedCount } = await this.server.ask(() => this.models.answers.deleteMany({ expires: { $lte: now } }));
    return deletedCount;
  }
}
