import type { EventData, RecordedEvent } from '#event-store';
import type { Artifacts, DataKey, DataKeys, Subject } from '#ops-store';
import { notFound, VerbatimError } from '#platform';
import { BOX_OVERHEAD } from '#platform/sealed-box.js';
import type { EventCatalogue, EventDefinition } from './catalogue.js';
import { exactJson } from './exact-json.js';
import type { Fact, FactMetadata } from './facts.js';
import { sealArtifactId, sealContents, unseal } from './sealing.js';
import { parseStream, subjectOf } from './streams.js';
import { pickStructure, structureOf } from './structure.js';

/** Type, data and metadata of one event together, as stored. */
export const MAX_EVENT_BYTES = 65_536;

export interface PlainEvent {
  readonly id: string;
  readonly type: string;
  readonly data: object;
}

const NO_TYPES: ReadonlySet<string> = new Set();

type Stored = Record<string, unknown> & { readonly sealed?: string };

/** Part of a stored event: the structure's JSON text with the sealed part put in as its last field. */
const withSealed = (structure: string, sealed: string): string =>
  `${structure.slice(0, -1)}${structure === '{}' ? '' : ','}"sealed":"${sealed}"}`;

/**
 * Between what deciders speak of and what stands in the log. Contents are sealed under the key of the stream's subject;
 * opened data is exactly what was written, because the whole of it is sealed whenever anything in it is not structure.
 */
export class FactCodec {
  constructor(private readonly ops: { readonly keys: DataKeys; readonly artifacts: Artifacts }) {}

  /**
   * Contents too large for the log are durable as an artifact when this answers.
   * @throws VerbatimError not_found (the subject's key was destroyed) | payload_too_large (the structure alone is)
   */
  async encode(
    catalogue: EventCatalogue,
    stream: string,
    events: readonly PlainEvent[],
    metadata: (index: number) => FactMetadata,
  ): Promise<readonly EventData[]> {
    const encoded: EventData[] = [];
    const written = new Map<FactMetadata, Buffer>();
    let key: Buffer | undefined;
    for (const [index, { id, type, data }] of events.entries()) {
      const definition = catalogue.find(type);
      if (!definition) throw new Error(`Event type ${type} (for ${stream}) is not in the catalogue.`);
      const own = metadata(index);
      const meta = written.get(own) ?? Buffer.from(JSON.stringify(own));
      written.set(own, meta);
      const room = MAX_EVENT_BYTES - meta.length - Buffer.byteLength(type);
      const text = exactJson(data);
      const picked = pickStructure(data, structureOf(definition));
      let stored: Buffer | undefined;
      if (picked.whole && text.length <= room) stored = within(room, text);
      if (!stored) {
        key ??= await this.sealingKey(stream);
        stored = this.inline(key, text, picked.open, stream, id, room);
        stored ??= await this.beside(key, text, picked.open, definition, stream, { id, data }, room);
      }
      encoded.push({ id, type, contentType: 'application/json', data: stored, metadata: meta });
    }
    return encoded;
  }

  async decode(recorded: RecordedEvent): Promise<Fact> {
    const [fact] = await this.decodeAll([recorded]);
    return fact as Fact;
  }

  /**
   * In the order given; each subject's key is looked up once. Of types that `unopened` names, `data` is what stands open:
   * they cost no decryption.
   */
  async decodeAll(recorded: readonly RecordedEvent[], unopened = NO_TYPES): Promise<readonly Fact[]> {
    const stored = recorded.map(({ type, data }) => {
      const found = JSON.parse(textOf(data)) as Stored;
      return found.sealed !== undefined && unopened.has(type) ? structureAlone(found) : found;
    });
    const keys = await this.openingKeys(recorded.filter((_, index) => stored[index]?.sealed !== undefined));
    const facts: Fact[] = [];
    for (const [index, event] of recorded.entries()) {
      const data = stored[index] as Stored;
      const read = data.sealed === undefined ? data : this.open(event, data.sealed, keys);
      const opened = read instanceof Promise ? await read : read;
      facts.push(opened ? factOf(event, opened, false) : factOf(event, structureAlone(data), true));
    }
    return facts;
  }

  /** No promise for the ordinary event: it is opened in the turn it is asked. Undefined when it was erased. */
  private open(
    event: RecordedEvent,
    sealed: string,
    keys: ReadonlyMap<Subject, DataKey>,
  ): object | undefined | Promise<object | undefined> {
    const subject = subjectOf(event.stream);
    const key = keys.get(subject);
    if (key?.state !== 'live') return undefined;
    const opened = unseal(key.key, sealed, event.stream, event.id);
    return 'contents' in opened ? (JSON.parse(opened.contents) as object) : this.artifact(opened, subject, event);
  }

  private async sealingKey(stream: string): Promise<Buffer> {
    const key = await this.ops.keys.obtain(subjectOf(stream));
    if (key.state === 'destroyed') throw notFound(parseStream(stream).category);
    return key.key;
  }

  private async openingKeys(events: readonly RecordedEvent[]): Promise<ReadonlyMap<Subject, DataKey>> {
    const streams = new Map(events.map((event) => [subjectOf(event.stream), event.stream]));
    const found = await Promise.all(
      Array.from(streams, async ([subject, stream]): Promise<[Subject, DataKey]> => {
        const key = await this.ops.keys.find(subject);
        // Reading this as erased would pass a lost key store off as a deletion.
        if (!key) throw new Error(`${stream} is sealed, but the operational store knows no data key for ${subject}.`);
        return [subject, key];
      }),
    );
    return new Map(found);
  }

  private inline(key: Buffer, text: string, open: object, stream: string, id: string, room: number) {
    // Cheaper to see than to try: base64 of the box alone would not fit.
    if (((text.length + BOX_OVERHEAD) * 4) / 3 > room) return undefined;
    return within(room, withSealed(exactJson(open), sealContents(key, text, stream, id)));
  }

  private async beside(
    key: Buffer,
    text: string,
    open: object,
    definition: EventDefinition,
    stream: string,
    { id, data }: { id: string; data: object },
    room: number,
  ): Promise<Buffer> {
    const { artifactId } = await this.ops.artifacts.put(subjectOf(stream), Buffer.from(text));
    const sealed = sealArtifactId(key, artifactId, stream, id);
    const stored =
      within(room, withSealed(exactJson(open), sealed)) ??
      within(room, withSealed(exactJson(pickStructure(data, structureOf(definition), false).open), sealed));
    if (stored) return stored;
    throw new VerbatimError(
      'payload_too_large',
      `The fields of ${definition.type} that must stand open do not fit in an event of ${MAX_EVENT_BYTES} bytes.`,
      { details: { type: definition.type, maxBytes: MAX_EVENT_BYTES } },
    );
  }

  /** Undefined when it was erased. */
  private async artifact(opened: { artifactId: string }, subject: Subject, event: RecordedEvent) {
    const artifact = await this.ops.artifacts.get(subject, opened.artifactId);
    if (artifact) return JSON.parse(artifact.toString()) as object;
    // Between looking up the key and fetching the artifact.
    if ((await this.ops.keys.find(subject))?.state === 'destroyed') return undefined;
    throw new Error(`Artifact ${opened.artifactId} of event ${event.id} in ${event.stream} is missing.`);
  }
}

const within = (room: number, text: string): Buffer | undefined => {
  const bytes = Buffer.from(text);
  return bytes.length <= room ? bytes : undefined;
};

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();

const structureAlone = ({ sealed, ...structure }: Stored): Stored => structure;

const factOf = (event: RecordedEvent, data: object, erased: boolean): Fact => ({
  id: event.id,
  type: event.type,
  data,
  stream: event.stream,
  revision: Number(event.revision),
  position: event.position,
  metadata: JSON.parse(textOf(event.metadata)) as FactMetadata,
  ...(erased ? { erased } : {}),
});
