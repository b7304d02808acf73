import type { ActivityEvent } from './activity.events.js';
import type { ConfigSkill, ConfigSnapshot } from './session.plan.js';

type Memory = ConfigSnapshot['memory'][number];
type Connector = ConfigSnapshot['connectors'][number];

/** The AI configuration as the stream tells it so far. */
export interface ConfigState {
  readonly skills: readonly ConfigSkill[];
  readonly memory: readonly Memory[];
  readonly agentsMd: { readonly sha256: string | null };
  readonly connectors: readonly Connector[];
  readonly model: ConfigSnapshot['model'];
}

export const emptyConfig: ConfigState = {
  skills: [],
  memory: [],
  agentsMd: { sha256: null },
  connectors: [],
  model: null,
};

/** Any field may be missing or of another kind: clients differ, and an erased event holds structure alone. */
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const put = <Item extends { readonly id: string }>(
  items: readonly Item[],
  id: unknown,
  change: (found: Item | undefined, id: string) => Item,
): readonly Item[] => {
  if (typeof id !== 'string') return items;
  const at = items.findIndex((item) => item.id === id);
  return at < 0 ? [...items, change(undefined, id)] : items.with(at, change(items[at], id));
};

const putSkill = (config: ConfigState, id: unknown, change: Partial<ConfigSkill>): ConfigState => ({
  ...config,
  skills: put(config.skills, id, (found, name) => ({
    ...(found ?? { id: name, name: null, enabled: true, sha256: null }),
    ...change,
  })),
});

/** A made or uploaded skill is on until it is switched off. */
export const foldConfig = (config: ConfigState, event: ActivityEvent): ConfigState => {
  switch (event.type) {
    case 'skill_uploaded':
    case 'skill_created': {
      const { skillId, name, sha256 } = event.data.body;
      return putSkill(config, skillId, { name: text(name), sha256: text(sha256), enabled: true });
    }
    case 'skill_activated':
    case 'skill_enabled':
      return putSkill(config, event.data.body.skillId, { enabled: true });
    case 'skill_disabled':
      return putSkill(config, event.data.body.skillId, { enabled: false });
    case 'memory_added': {
      const { memoryId, sha256 } = event.data.body;
      return { ...config, memory: put(config.memory, memoryId, (_, id) => ({ id, sha256: text(sha256) })) };
    }
    case 'agents_md_edited': {
      const sha256 = text(event.data.body.afterHash);
      return sha256 === null ? config : { ...config, agentsMd: { sha256 } };
    }
    case 'connector_connected': {
      const { connectorId, connectorType } = event.data.body;
      return {
        ...config,
        connectors: put(config.connectors, connectorId, (_, id) => ({ id, type: text(connectorType) })),
      };
    }
    case 'ai_response': {
      const provider = text(event.data.body.provider);
      const id = text(event.data.body.model);
      if (provider === null && id === null) return config;
      if (config.model?.id === id && config.model.provider === provider) return config;
      return { ...config, model: { provider, id } };
    }
    default:
      return config;
  }
};
