import { randomBytes } from 'node:crypto';
import { describe, it } from '@jest/globals';
import mongoose from 'mongoose';

export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  /** Takes its documents with it. */
  drop(): Promise<void>;
}

/** A server that speaks MongoDB's protocol. */
export class TestServer {
  constructor(readonly url: string) {}

  /** One that nobody else uses. */
  async database(): Promise<TestDatabase> {
    const name = `verbatim_spec_${randomBytes(6).toString('hex')}`;
    const url = new URL(this.url);
    url.pathname = `/${name}`;
    return { url: url.href, name, drop: () => this.drop(name) };
  }

  /**
   * FerretDB 1.24 looks whether a document matches and writes it in two steps, so two updates at once may both match.
   * MongoDB does it in one.
   */
  async hasAtomicUpdates(): Promise<boolean> {
    const connection = await mongoose.createConnection(this.url).asPromise();
    const info = await connection.db!.admin().command({ buildInfo: 1 });
    await connection.destroy();
    return !('ferretdbVersion' in info || 'ferretdb' in info);
  }

  private async drop(name: string): Promise<void> {
    const connection = await mongoose.createConnection(this.url).asPromise();
    await connection.useDb(name).dropDatabase();
    await connection.destroy();
  }
}

/** Specs on the server in TEST_MONGODB_URL; without one they say what is missing. */
export const withMongo = (specs: (server: TestServer) => void): void => {
  const url = process.env['TEST_MONGODB_URL'];
  if (url) {
    specs(new TestServer(url));
    return;
  }
  describe('on MongoDB', () => {
    it.skip('set TEST_MONGODB_URL to a MongoDB (or FerretDB 1.24) server to run these specs', () => {});
  });
};
