import type { ActivityTypeName } from './activity.types.js';
import { AppendOnly } from './append-only.js';
import type { ConfigSkill, ConfigSnapshot } from './session.plan.js';

type Memory = ConfigSnapshot['memory'][number];
type Connector = ConfigSnapshot['connectors'][number];

/** One step in setting up the AI, as an activity told it. */
export type ConfigChange =
  | { readonly kind: 'skill_made'; readonly id: string; readonly name: string | null; readonly sha256: string | null }
  | { readonly kind: 'skill_switched'; readonly id: string; readonly enabled: boolean }
  | ({ readonly kind: 'memory' } & Memory)
  | ({ readonly kind: 'connector' } & Connector)
  | { readonly kind: 'agents_md'; readonly sha256: string };

/** The AI configuration as the stream tells it: kept as steps, so that noting one never costs what all the others hold. */
export interface ConfigState {
  readonly changes: AppendOnly<ConfigChange>;
  /** The model that answered last. */
  readonly model: ConfigSnapshot['model'];
}

/** The configuration those steps come to. */
export type Config = Pick<ConfigSnapshot, 'skills' | 'memory' | 'agentsMd' | 'connectors' | 'model'>;

export const emptyConfig: ConfigState = { changes: AppendOnly.empty(), model: null };

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** `body` is a caller's word, or what an erasure left of it: nothing about it is taken for granted. */
export const foldConfig = (config: ConfigState, type: ActivityTypeName, body: object | undefined): ConfigState => {
  if (type === 'ai_response') return foldModel(config, (body ?? {}) as Readonly<Record<string, unknown>>);
  const change = changeOf(type, (body ?? {}) as Readonly<Record<string, unknown>>);
  return change ? { ...config, changes: config.changes.append(change) } : config;
};

const foldModel = (config: ConfigState, body: Readonly<Record<string, unknown>>): ConfigState => {
  const provider = text(body.provider);
  const id = text(body.model);
  if (provider === null && id === null) return config;
  if (config.model?.id === id && config.model.provider === provider) return config;
  return { ...config, model: { provider, id } };
};

const changeOf = (type: ActivityTypeName, body: Readonly<Record<string, unknown>>): ConfigChange | undefined => {
  const { skillId, memoryId, connectorId } = body;
  const sha256 = text(body.sha256);
  switch (type) {
    case 'skill_uploaded':
    case 'skill_created':
      return typeof skillId === 'string'
        ? { kind: 'skill_made', id: skillId, name: text(body.name), sha256 }
        : undefined;
    case 'skill_activated':
    case 'skill_enabled':
    case 'skill_disabled':
      return typeof skillId === 'string'
        ? { kind: 'skill_switched', id: skillId, enabled: type !== 'skill_disabled' }
        : undefined;
    case 'memory_added':
      return typeof memoryId === 'string' ? { kind: 'memory', id: memoryId, sha256 } : undefined;
    case 'connector_connected':
      return typeof connectorId === 'string'
        ? { kind: 'connector', id: connectorId, type: text(body.connectorType) }
        : undefined;
    case 'agents_md_edited':
      return typeof body.afterHash === 'string' ? { kind: 'agents_md', sha256: body.afterHash } : undefined;
    default:
      return undefined;
  }
};

/** A skill made or uploaded is on until it is switched off; the provided ones are known by being switched. */
export const configOf = ({ changes, model }: ConfigState): Config => {
  const skills = new Map<string, ConfigSkill>();
  const memory = new Map<string, Memory>();
  const connectors = new Map<string, Connector>();
  let agentsMd: Config['agentsMd'] = { sha256: null };
  for (const change of changes) {
    switch (change.kind) {
      case 'skill_made':
        skills.set(change.id, { id: change.id, name: change.name, enabled: true, sha256: change.sha256 });
        break;
      case 'skill_switched':
        skills.set(change.id, {
          id: change.id,
          name: null,
          sha256: null,
          ...skills.get(change.id),
          enabled: change.enabled,
        });
        break;
      case 'memory':
        memory.set(change.id, { id: change.id, sha256: change.sha256 });
        break;
      case 'connector':
        connectors.set(change.id, { id: change.id, type: change.type });
        break;
      case 'agents_md':
        agentsMd = { sha256: change.sha256 };
        break;
      default:
        change satisfies never;
    }
  }
  return {
    skills: [...skills.values()],
    memory: [...memory.values()],
    agentsMd,
    connectors: [...connectors.values()],
    model,
  };
};
