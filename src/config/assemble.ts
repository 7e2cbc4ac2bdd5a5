/** From sound settings under the file's names to the configuration under the program's. */
import { dirname, resolve } from 'node:path';
import type { FormatOptions } from '../model/format.ts';
import type { Source, SourceVerification } from '../model/source.ts';
import type { Target } from '../model/target.ts';
import { isLoopback } from './checks/ports.ts';
import type { AlarmCondition, AlarmConfig, Config, RegistrationConfig, RuleConfig } from './config.ts';
import { placesOf } from './places.ts';
import type { AlarmSettings, RuleSettings, Settings, SourceSettings, TargetSettings } from './settings.ts';
import type { Named } from './shape/many.ts';
import type { Placed } from './shape.ts';

const DAY_MS = 86_400_000;
const TOLERANCE_MS = 300_000;

export interface Assembly {
  readonly settings: Settings;
  /** Absolute. */
  readonly path: string;
  readonly sourceOptions: ReadonlyMap<string, FormatOptions>;
  readonly targetOptions: ReadonlyMap<string, FormatOptions>;
}

export function assemble({ settings, path, sourceOptions, targetOptions }: Assembly): Config {
  const { server, admin, store, retention } = settings;
  const here = dirname(path);
  return {
    path,
    server: {
      host: server.host,
      port: server.port,
      trustProxy: server.trust_proxy,
      maxHeaderBytes: server.max_headers,
      graceMs: server.grace,
      maxHops: server.max_hops,
    },
    admin: {
      host: admin.host,
      port: admin.port,
      token: admin.token || null,
      allowedHosts: admin.allowed_hosts,
      isLoopback: isLoopback(admin.host),
    },
    store: store.kind === 'sqlite' ? { kind: 'sqlite', file: resolve(here, store.file) } : store,
    mappingsDir: resolve(here, settings.mappings),
    retention: { ms: retention.days === null ? null : retention.days * DAY_MS, bytes: retention.size },
    params: Object.fromEntries(Object.entries({ ...settings.params }).map(([name, { value }]) => [name, value])),
    sources: settings.sources.map((source) => sourceOf(source, sourceOptions.get(source.name) ?? {})),
    targets: settings.targets.map((target) => targetOf(target, targetOptions.get(target.name) ?? {})),
    rules: settings.rules.map(ruleOf),
    subscriptions: settings.subscriptions && subscriptionsOf(settings.subscriptions),
    registrations: settings.sources.flatMap(registrationOf),
    alarms: settings.alarms.map(alarmOf),
    log: settings.log,
    inspector: settings.inspector,
    places: placesOf(settings),
  };
}

function sourceOf({ name, value }: Named<SourceSettings>, options: FormatOptions): Source {
  const { limits } = value;
  return {
    name,
    format: value.format.value,
    path: value.path?.value ?? `/in/${name}`,
    secrets: filled(value.secret),
    allowFrom: value.allow_from,
    verify: verificationOf(value.verify?.value ?? null),
    rate: value.rate,
    limits: { body: limits.body, depth: limits.depth, timeoutMs: limits.timeout, inFlight: limits.in_flight },
    options,
    enabled: value.enabled,
  };
}

function verificationOf(verify: NonNullable<SourceSettings['verify']>['value'] | null): SourceVerification | null {
  if (verify === null) return null;
  const secrets = filled(verify.secret);
  if (verify.kind === 'standard-webhooks') {
    return { kind: 'standard-webhooks', secrets, toleranceMs: verify.tolerance ?? TOLERANCE_MS };
  }
  return {
    kind: 'hmac',
    secrets,
    header: verify.header ?? '',
    algorithm: verify.algorithm ?? 'sha256',
    encoding: verify.encoding ?? 'hex',
    prefix: verify.prefix ?? '',
  };
}

function targetOf({ name, value }: Named<TargetSettings>, options: FormatOptions): Target {
  const { retry, breaker } = value;
  const headers = Object.entries(value.headers.value).map(([key, header]) => [key.toLowerCase(), header.value]);
  return {
    name,
    format: value.format.value,
    url: value.url.value,
    headers: Object.fromEntries(headers),
    timeoutMs: value.timeout,
    connectTimeoutMs: value.connect_timeout,
    concurrency: value.concurrency,
    rate: value.rate,
    retry: { quick: retry.quick, schedule: retry.schedule, retryOn: retry.retry_on, deadOn: retry.dead_on },
    breaker: { failures: breaker.failures, pauseMs: breaker.pause, longestMs: breaker.longest },
    orderBy: value.order_by?.value ?? null,
    sign: filled(value.sign),
    options,
    enabled: value.enabled,
    trust: 'configured',
    allowPrivate: [],
  };
}

function ruleOf({ value, at }: RuleSettings): RuleConfig {
  return {
    name: value.name.value,
    at,
    from: value.from?.map((source) => source.value) ?? null,
    on: value.on?.map((type) => type.value) ?? null,
    when: value.when,
    translate: value.translate && { name: value.translate.value, at: value.translate.at },
    to: value.to.map((target) => target.value),
    enabled: value.enabled,
  };
}

function subscriptionsOf(settings: NonNullable<Settings['subscriptions']>): Config['subscriptions'] {
  return {
    tokenId: settings.token_id,
    tokenSecret: settings.token_secret,
    format: settings.format,
    allowPrivate: settings.allow_private,
    limit: settings.limit,
    longestUrl: settings.longest_url,
    switchOffAfterMs: settings.switch_off_after,
  };
}

function registrationOf({ name, value }: Named<SourceSettings>): RegistrationConfig[] {
  if (!value.register || !value.enabled) return [];
  const { at, value: register } = value.register;
  const events = register.events.map((type) => type.value);
  const common = {
    source: name,
    at,
    tokenId: register.token_id,
    tokenSecret: register.token_secret,
    uri: register.uri,
  };
  return [{ ...common, api: register.api.replace(/\/+$/, ''), events: events.includes('all') ? 'all' : events }];
}

function alarmOf({ value, at }: AlarmSettings): AlarmConfig {
  return { name: value.name.value, at, enabled: value.enabled, repeatMs: value.repeat, ...conditionOf(value) };
}

function conditionOf(alarm: AlarmSettings['value']): AlarmCondition {
  const { silent, unfinished, dead_letters: deadLetters, breaker_open: breakerOpen } = alarm;
  if (silent) return { kind: 'silent', sources: silent.source.map(placedValue), forMs: silent.for };
  if (unfinished) {
    return {
      kind: 'unfinished',
      source: unfinished.source.value,
      started: unfinished.started.value,
      ended: unfinished.ended.value,
      same: unfinished.same.value,
      withinMs: unfinished.within,
    };
  }
  if (deadLetters) {
    return { kind: 'dead-letters', above: deadLetters.above, targets: deadLetters.target?.map(placedValue) ?? null };
  }
  return { kind: 'breaker-open', targets: breakerOpen?.target?.map(placedValue) ?? null, forMs: breakerOpen?.for ?? 0 };
}

function placedValue<T>(one: Placed<T>): T {
  return one.value;
}

/** Secrets without those that the environment leaves empty on purpose. */
function filled(secrets: readonly string[] | null): readonly string[] {
  return (secrets ?? []).filter((secret) => secret !== '');
}
