/**
 * The catalogue of event types: name, version, payload type, which fields are structure, one line on what it means.
 * What is not structure is sealed when it is written; the catalogue page is made from these entries.
 */

/**
 * What may stand open in the bare log. A value that does not fit its kind is sealed like any other text.
 * - `id`: 1–128 characters of `A–Z a–z 0–9 . _ : / + -`, made by a machine; without blanks and `@`, so that neither a name
 *   in full nor an e-mail address that somebody uses for an id stands open
 * - `word`: one of a closed vocabulary, checked to be `^[a-z][a-z0-9_]{0,63}$`
 * - `number`, `boolean`; `time`: ISO-8601 UTC; `hash`: lower-case hex
 * - `open`: any JSON that is never personal (a task's text, a rubric)
 */
export type StructureKind = 'id' | 'word' | 'number' | 'boolean' | 'time' | 'hash' | 'open';

export interface EventDefinition<Type extends string = string, Data extends object = object> {
  readonly type: Type;
  /** Schema version, in the metadata of each event. Changes are additive; a breaking change is a new type. */
  readonly version: number;
  /** Layer (a) the closed set of 33 activity types, (b) lifecycle facts of a session, or a fact of another stream. */
  readonly layer: 'activity' | 'lifecycle' | 'record';
  readonly meaning: string;
  /** Dotted paths (`body.exec.exitCode`) to their kinds. Everything else of the payload is sealed. */
  readonly structure: Readonly<Record<string, StructureKind>>;
  /** Never set: carries the payload's type. */
  readonly payload?: Data;
}

/** `defineEvent<Payload>()({ type: 'session_invited', … })` */
export const defineEvent =
  <Data extends object>() =>
  <const Type extends string>(definition: EventDefinition<Type, Data>): EventDefinition<Type, Data> =>
    definition;

/** The union of `{type, data}` that a list of definitions describes. */
export type EventOf<Definitions extends readonly EventDefinition[]> = {
  [Index in keyof Definitions]: Definitions[Index] extends EventDefinition<infer Type, infer Data>
    ? { readonly type: Type; readonly data: Data }
    : never;
}[number];

export class EventCatalogue {
  private readonly byType: ReadonlyMap<string, EventDefinition>;

  constructor(readonly definitions: readonly EventDefinition[]) {
    this.byType = new Map(definitions.map((definition) => [definition.type, definition]));
    if (this.byType.size !== definitions.length) throw new Error('An event type is defined twice.');
  }

  find(type: string): EventDefinition | undefined {
    return this.byType.get(type);
  }
}
