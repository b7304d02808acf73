import { resolve } from 'node:path';
import { type EventStoreDoorSettings, eventStoreDoor } from './event-store-door.js';
import { type ScoringModel, scoringModelIn } from './scoring-model.js';
import { keptSecret } from './secret.js';
import { type Environment, SettingError, Settings } from './settings.js';
import { type StoreUrls, storeUrls } from './store-urls.js';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const OWNER_KEY = /^gai_[A-Za-z0-9_-]{20,}$/;
const MINIMAL_SECRET = 32;

/** The settings of contract §1.0, read once at the start. An empty variable counts as unset. */
export class VerbatimConfig {
  readonly host: string;
  readonly port: number;
  /** Absolute. Everything the embedded default keeps. */
  readonly dataDir: string;
  /** Where the three homes for state are. */
  readonly stores: StoreUrls;
  /** The key that the first start registers as the first organization's owner key. */
  readonly adminKey: string | undefined;
  readonly rateLimit: boolean;
  readonly operatorToken: string | undefined;
  readonly metricsPort: number | undefined;
  /** Undefined: the log is not served by EventStoreDB's protocol. */
  readonly eventStoreDoor: EventStoreDoorSettings | undefined;
  /** How many proxies stand in front. */
  readonly trustProxy: number;
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string | undefined;
  /** Webhooks may go to this machine and to private networks, and without TLS. */
  readonly webhookAllowPrivate: boolean;
  readonly logLevel: LogLevel | undefined;
  /** For tests of a full disk: SQLite's `max_page_count` of the event log. */
  readonly maxPageCount: number | undefined;
  /** For tests with moved clocks: how far this process's clock runs ahead of the machine's. */
  readonly clockOffsetMs: number;
  /** Null: the offline judge scores. */
  readonly scoringModel: ScoringModel | null;
  /** Sessions this process scores at a time; 0: it scores none. */
  readonly scorers: number;
  /** How often each judged criterion is asked. */
  readonly scoringRuns: number;
  private knownSecret: string | undefined;
  private readonly givenPublicUrl: string | undefined;
  private readonly givenWorkspaceUrl: string | undefined;
  private readonly givenOrigins: readonly string[] | undefined;
  private listeningPort: number | undefined;

  /** @throws SettingError naming the variable and what it may be */
  constructor(environment: Environment = process.env) {
    const settings = new Settings(environment);
    this.host = settings.text('HOST') ?? '127.0.0.1';
    this.port = settings.integer('PORT', 0, 65_535) ?? 3000;
    this.dataDir = resolve(settings.text('VERBATIM_DATA_DIR') ?? 'data');
    this.stores = storeUrls(settings);
    this.adminKey = settings.matching('VERBATIM_ADMIN_KEY', OWNER_KEY, 'gai_ and at least 20 of A–Z a–z 0–9 _ -');
    this.knownSecret = settings.atLeast('VERBATIM_SECRET', MINIMAL_SECRET);
    if (this.knownSecret === undefined && Object.values(this.stores).some(({ kind }) => kind !== 'embedded'))
      throw new SettingError(
        'VERBATIM_SECRET',
        `is not set and must be when a store is shared: at least ${MINIMAL_SECRET} characters, the same for every process.`,
      );
    this.givenPublicUrl = settings.webUrl('VERBATIM_PUBLIC_URL')?.replace(/\/+$/, '');
    this.givenWorkspaceUrl = settings.webUrl('VERBATIM_WORKSPACE_URL');
    this.givenOrigins = settings.list('VERBATIM_CORS_ORIGINS', origin);
    this.rateLimit = settings.oneOf('VERBATIM_RATE_LIMIT', ['on', 'off']) !== 'off';
    this.operatorToken = settings.atLeast('VERBATIM_OPERATOR_TOKEN', 32);
    if (this.operatorToken && /^(gai_|vst_|PST-)|[^\x21-\x7e]/.test(this.operatorToken))
      throw new SettingError(
        'VERBATIM_OPERATOR_TOKEN',
        'must be printable ASCII without blanks, and not start with gai_, vst_ or PST-.',
      );
    this.metricsPort = settings.integer('VERBATIM_METRICS_PORT', 1, 65_535);
    this.trustProxy = settings.integer('VERBATIM_TRUST_PROXY', 0, 32, { off: 0 }) ?? 0;
    this.smtpUrl = settings.matching('SMTP_URL', /^smtps?:\/\/\S+$/, 'smtp://… or smtps://…');
    this.mailFrom = settings.text('MAIL_FROM');
    this.scorers = settings.integer('VERBATIM_SCORERS', 0, 64) ?? 4;
    this.scoringModel = scoringModelIn(settings);
    this.scoringRuns = settings.integer('VERBATIM_SCORING_RUNS', 1, 9) ?? 1;
    this.webhookAllowPrivate = settings.oneOf('VERBATIM_WEBHOOK_ALLOW_PRIVATE', ['on', 'off']) === 'on';
    this.logLevel = settings.oneOf('LOG_LEVEL', LOG_LEVELS);
    this.maxPageCount = settings.integer('VERBATIM_MAX_PAGE_COUNT', 1, 2 ** 31);
    this.clockOffsetMs = settings.integer('VERBATIM_CLOCK_OFFSET_MS', 0, 10 * 365 * 86_400_000) ?? 0;
    this.eventStoreDoor = eventStoreDoor(settings, this.stores.eventStore, this.host);
  }

  /** Seals data keys and signs session tokens. Made in the data directory on first use when none is given. */
  get secret(): string {
    this.knownSecret ??= keptSecret(this.dataDir);
    return this.knownSecret;
  }

  /** Base of links, without a slash at its end. */
  get publicUrl(): string {
    if (this.givenPublicUrl) return this.givenPublicUrl;
    const host = this.host.includes(':') ? `[${this.host}]` : this.host;
    return `http://${host}:${this.listeningPort ?? this.port}`;
  }

  /** An invite link is this and the token. */
  get workspaceUrl(): string {
    return this.givenWorkspaceUrl ?? `${this.publicUrl}/s/`;
  }

  /** Origins whose browsers may call. */
  get corsOrigins(): readonly string[] {
    return this.givenOrigins ?? [new URL(this.workspaceUrl).origin];
  }

  /** With `PORT=0` the system chooses the port: links follow from here on. */
  noteListening(port: number): void {
    this.listeningPort = port;
  }
}

function origin(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) && url.origin === text.replace(/\/$/, '') ? url.origin : undefined;
}
