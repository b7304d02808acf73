import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';

export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  /** Takes its documents with it. */
  drop(): Promise<void>;
}

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
    return (await this.info()).ferretdbVersion === undefined;
  }

  private async info(): Promise<BuildInfo> {
    const connection = await mongoose.createConnection(this.url).asPromise();
    const info = await connection.db!.admin().command({ buildInfo: 1 });
    await connection.destroy();
    return info as unknown as BuildInfo;
  }

  private async drop(name: string): Promise<void> {
    const connection = await mongoose.createConnection(this.url).asPromise();
    await connection.useDb(name).dropDatabase();
    await connection.destroy();
  }
}
