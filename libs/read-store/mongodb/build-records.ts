import { type Connection, type Model, Schema, type UpdateQuery } from 'mongoose';
import { isDuplicate } from '#platform/mongodb/index.js';
import { type BuildState, type CollectionSpec, type ProjectionBuild, type StoredBuild } from '#read-store';
import { unknownBuild } from '../rules/names.js';
import { SCHEMA_OPTIONS } from './models.js';
import { positionOf, positionText } from './positions.js';

interface BuildRecord {
  readonly version: number;
  readonly build: number;
  /** Names this life of the build: one that was dropped and begun again shares no collection with the one before. */
  readonly incarnation: string;
  /** JSON. */
  readonly collections: string;
  readonly state: BuildState;
  readonly stoppedReason: string | null;
  readonly checkpoint: string;
  /** Not there any more, but its collections may be. */
  readonly dropping: boolean;
}

/** All builds of one projection in one document: one goes live and the others retire in one write, without a transaction. */
interface ProjectionRecord {
  readonly _id: string;
  readonly builds: Readonly<Record<string, BuildRecord>>;
}

export interface KnownBuild extends StoredBuild {
  readonly incarnation: string;
  readonly dropping: boolean;
}

const slotOf = ({ version, build }: Pick<ProjectionBuild, 'version' | 'build'>): string => `v${version}b${build}`;

const known = (name: string, record: BuildRecord): KnownBuild => ({
  ...record,
  name,
  collections: JSON.parse(record.collections) as CollectionSpec[],
  checkpoint: positionOf(record.checkpoint),
});

export class BuildRecords {
  private readonly model: Model<ProjectionRecord>;
  private readonly writing = new Map<string, Promise<unknown>>();

  constructor(connection: Connection) {
    const schema = new Schema({ _id: { $type: String }, builds: { $type: Schema.Types.Mixed } }, SCHEMA_OPTIONS);
    this.model = connection.model<ProjectionRecord>('projections', schema as Schema<ProjectionRecord>, 'projections');
  }

  /** Those that are being dropped included. */
  async all(): Promise<readonly KnownBuild[]> {
    const records = await this.model.find().lean<ProjectionRecord[]>();
    return records
      .flatMap(({ _id, builds }) => Object.values(builds).map((record) => known(_id, record)))
      .toSorted(
        (a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)) || a.version - b.version || a.build - b.build,
      );
  }

  async find(build: ProjectionBuild): Promise<KnownBuild | undefined> {
    const path = `builds.${slotOf(build)}`;
    const found = await this.model.findById(build.name, { [path]: 1 }).lean<ProjectionRecord>();
    const record = found?.builds?.[slotOf(build)];
    return record && known(build.name, record);
  }

  /** Nothing when it is there already. */
  async begin(build: ProjectionBuild, incarnation: string, collections: readonly CollectionSpec[]): Promise<void> {
    const path = `builds.${slotOf(build)}`;
    const record: BuildRecord = {
      version: build.version,
      build: build.build,
      incarnation,
      collections: JSON.stringify(collections),
      state: 'building',
      stoppedReason: null,
      checkpoint: positionText(0n),
      dropping: false,
    };
    try {
      const absent = { _id: build.name, [path]: { $exists: false } };
      await this.write(absent, { $set: { [path]: record } }, { upsert: true });
    } catch (error) {
      // It was there: the insert that an upsert tries then meets the document of its name. Or two began at once.
      if (!isDuplicate(error)) throw error;
    }
  }

  async declare(build: KnownBuild, collections: readonly CollectionSpec[]): Promise<KnownBuild> {
    const json = JSON.stringify(collections);
    if (json !== JSON.stringify(build.collections)) await this.change(build, { collections: json });
    return { ...build, collections };
  }

  /** @throws ReadStoreError unknown_build */
  async setState(build: ProjectionBuild, state: BuildState, reason: string | null): Promise<void> {
    // Asked again when a build came or went between the look and the write.
    for (;;) {
      const builds = (await this.all()).filter(({ name, dropping }) => name === build.name && !dropping);
      const mine = builds.find((one) => slotOf(one) === slotOf(build));
      if (!mine) throw unknownBuild(build);
      const others = state === 'live' ? builds.filter((one) => one !== mine && one.version === mine.version) : [];
      const seen = [mine, ...others].map((one) => [`builds.${slotOf(one)}.incarnation`, one.incarnation]);
      const states = others.map((one) => [`builds.${slotOf(one)}.state`, 'retired']);
      const path = `builds.${slotOf(build)}`;
      const matched = await this.write(
        { _id: build.name, ...Object.fromEntries(seen) },
        { $set: { ...Object.fromEntries(states), [`${path}.state`]: state, [`${path}.stoppedReason`]: reason } },
      );
      if (matched) return;
    }
  }

  /** Never moves it back. False when this life of the build is over. */
  advance(build: KnownBuild, checkpoint: bigint): Promise<boolean> {
    const path = `builds.${slotOf(build)}.checkpoint`;
    return this.write(standing(build), { $max: { [path]: positionText(checkpoint) } });
  }

  /** Whether this life of the build goes on. */
  async stands(build: KnownBuild): Promise<boolean> {
    return (await this.model.exists(standing(build))) !== null;
  }

  markDropping(build: KnownBuild): Promise<void> {
    return this.change(build, { dropping: true });
  }

  async remove(build: KnownBuild): Promise<void> {
    await this.write(thisLife(build), { $unset: { [`builds.${slotOf(build)}`]: 1 } });
  }

  private async change(build: KnownBuild, values: Partial<BuildRecord>): Promise<void> {
    const path = `builds.${slotOf(build)}`;
    const set = Object.entries(values).map(([key, value]) => [`${path}.${key}`, value]);
    await this.write(thisLife(build), { $set: Object.fromEntries(set) });
  }

  /**
   * Whether there was something to change. This process writes to a document one at a time: builds of one projection go
   * on side by side, and FerretDB puts back the whole document as it was read before.
   */
  private write(filter: { _id: string }, update: UpdateQuery<ProjectionRecord>, options = {}): Promise<boolean> {
    const before = this.writing.get(filter._id) ?? Promise.resolve();
    const written = before
      .catch(() => {})
      .then(() => this.model.updateOne(filter, update, options))
      .then(({ matchedCount }) => matchedCount > 0);
    this.writing.set(filter._id, written);
    return written;
  }
}

const thisLife = (build: KnownBuild): { readonly _id: string } => ({
  _id: build.name,
  [`builds.${slotOf(build)}.incarnation`]: build.incarnation,
});

const standing = (build: KnownBuild): { readonly _id: string } => ({
  ...thisLife(build),
  [`builds.${slotOf(build)}.dropping`]: false,
});
