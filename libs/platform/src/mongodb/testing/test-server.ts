import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';

interface BuildInfo {
  readonly version: string;
  readonly ferretdbVersion?: string;
}

/** A server that speaks MongoDB's protocol. */
export class TestServer {
  constructor(readonly url: string) {}

  /** Its name and version. */
  async kind(): Promise<string> {
    const { version, ferretdbVersion } = await this.info();
    return ferretdbVersion === undefined ? `MongoDB ${version}` : `FerretDB ${ferretdbVersion}`;
  }

  /** One that nobody else uses. */
  database(): TestDatabase {
    const name = `verbatim_spec_${randomBytes(6).toString('hex')}`;
    const url = new URL(this.url);
    url.pathname = `/${name}`;
    return new TestDatabase(url.href, name);
  }

  /**
   * FerretDB 1.24 looks whether a document matches and writes it in two steps, so two updates at once may both match.
   * MongoDB does it in one.
   */
  async hasAtomicUpdates(): Promise<boolean> {
    return (await this.info()).ferretdbVersion === undefined;
  }

  private async info(): Promise<BuildInfo> {
    const connection = await mongoose.createConnection(this.url).asPromise();
    const info = await connection.db!.admin().command({ buildInfo: 1 });
    await connection.destroy();
    return info as unknown as BuildInfo;
  }
}

export class TestDatabase {
  constructor(
    readonly url: string,
    readonly name: string,
  ) {}

  /** Past the stores, as a crash or an attacker sees it. */
  async bare<Result>(work: (database: mongoose.mongo.Db) => Promise<Result>): Promise<Result> {
    const connection = await mongoose.createConnection(this.url).asPromise();
    try {
      return await work(connection.db!);
    } finally {
      await connection.destroy();
    }
  }

  /** Takes its documents with it. */
  async drop(): Promise<void> {
    await this.bare((database) => database.dropDatabase());
  }
}
