import { ReadStore } from '#read-store';

/** A store that hands everything on: specs override what they disturb. */
export class ThroughStore extends ReadStore {
  constructor(protected readonly real: ReadStore) {
    super();
  }

  override prepare = (...args: Parameters<ReadStore['prepare']>) => this.real.prepare(...args);
  override builds = () => this.real.builds();
  override setState = (...args: Parameters<ReadStore['setState']>) => this.real.setState(...args);
  override load = (...args: Parameters<ReadStore['load']>) => this.real.load(...args);
  override quarantine = (...args: Parameters<ReadStore['quarantine']>) => this.real.quarantine(...args);
  override quarantined = (...args: Parameters<ReadStore['quarantined']>) => this.real.quarantined(...args);
  override drop = (...args: Parameters<ReadStore['drop']>) => this.real.drop(...args);
  override purgeFreeSpace = () => this.real.purgeFreeSpace();
  override page: ReadStore['page'] = (...args) => this.real.page(...args);
  override find: ReadStore['find'] = (...args) => this.real.find(...args);
  override count = (...args: Parameters<ReadStore['count']>) => this.real.count(...args);
  override close = () => this.real.close();

  override commit(...args: Parameters<ReadStore['commit']>): Promise<void> {
    return this.real.commit(...args);
  }
}
