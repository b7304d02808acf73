import { randomUUID } from 'node:crypto';
import { describe } from '@jest/globals';
import mongoose from 'mongoose';

const SERVER = process.env['TEST_MONGODB_URL'];

/** Suites that need a server that speaks MongoDB's protocol. Without one they are skipped, and say what to set. */
export const describeWithMongo = (name: string, suite: () => void): void => {
  if (SERVER) {
    describe(name, suite);
    return;
  }
  process.stderr.write(
    `Skipped: ${name}. Set TEST_MONGODB_URL to a MongoDB or FerretDB server, e.g. mongodb://127.0.0.1:27017.
`,
  );
  describe.skip(name, suite);
};

/** A database of its own, on the server or through `through` (a proxy before it). */
export class TestDatabase {
  readonly name = `verbatim_spec_${randomUUID().slice(0, 8)}_ops`;

  url(through?: number): string {
    const server = new URL(SERVER as string);
    if (through !== undefined) {
      server.hostname = '127.0.0.1';
      server.port = String(through);
      server.searchParams.set('directConnection', 'true');
    }
    server.pathname = `/${this.name}`;
    return server.href;
  }

  /** Where the proxy leads. */
  get target(): { readonly host: string; readonly port: number } {
    const { hostname, port } = new URL(SERVER as string);
    return { host: hostname, port: Number(port || 27_017) };
  }

  /** Past the store, as a crash or an attacker sees it. */
  async bare<Result>(work: (database: mongoose.mongo.Db) => Promise<Result>): Promise<Result> {
    const connection = await mongoose.createConnection(this.url()).asPromise();
    try {
      return await work(connection.db!);
    } finally {
      await connection.close();
    }
  }

  async drop(): Promise<void> {
    await this.bare((database) => database.dropDatabase());
  }
}
