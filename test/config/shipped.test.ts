import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../src/config/json-schema.ts';
import { loadConfig } from '../../src/config/load.ts';
import { configReference } from '../../src/config/reference.ts';
import { formats } from '../../src/formats/index.ts';
import { loadText } from './load.ts';

const PATH = 'config/relay.yaml';
const shipped = readFileSync(PATH, 'utf8');

describe('the shipped configuration', () => {
  it('loads without a variable set', () => {
    const { config, problems, secrets } = loadConfig({ path: PATH, env: {}, formats });
    expect(problems).toEqual([]);
    expect(secrets).toEqual([]);
    expect(config?.sources.map(({ name, secrets: own }) => [name, own])).toEqual([
      ['bsr', []],
      ['remotemonster', []],
      ['sigma', []],
      ['streamrec', []],
    ]);
    expect(config?.targets.map(({ format, url }) => [format, url])).toEqual([
      ['remotemonster', 'inspector:legacy-vod'],
      ['sigma', 'inspector:sigma-consumer'],
      ['streamrec', 'inspector:streamrec-consumer'],
      ['bsr', 'inspector:bsr-consumer'],
    ]);
  });

  it('asks BSR for its secret once there is one', () => {
    const { config } = loadConfig({ path: PATH, env: { BSR_SECRET: 'a-secret' }, formats });
    expect(config?.sources[0]?.secrets).toEqual(['a-secret']);
  });

  it('says the defaults: without what it sets to them it is the same', () => {
    const whole = loadConfig({ path: PATH, env: {}, formats }).config;
    const bare = shipped.replace(/^(?:server|admin|retention):\n(?: {2}.*\n)+|^(?:store|mappings):.*\n/gm, '');
    expect(bare).not.toContain('port: 8080');
    const { sources, targets, rules, places, ...rest } = loadText(bare).config ?? {};
    expect(whole).toMatchObject(rest);
  });

  /** Every commented-out key that stands for a default, taken out of its comment. */
  it('loads with all of its comments taken in', () => {
    const all = shipped
      .split('\n')
      .map((line) => (/^ *# {0,7}(?:- )?[a-z_]+:(?: |$)/.test(line) ? line.replace(/# /, '') : line))
      .filter((line) => !/^ *(?:store: (?:postgres|\{)|verify: \{ kind: standard)/.test(line))
      .join('\n');
    const env = {
      DRAGOMAN_ADMIN_TOKEN: 'admin-token',
      SIGMA_TOKEN_ID: 'sigma-id',
      SIGMA_TOKEN_SECRET: 'sigma-secret',
      SHOP_SECRET: 'shop-secret',
      LEGACY_VOD_SIGNING_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      SUBSCRIPTIONS_TOKEN_ID: 'subs-id',
      SUBSCRIPTIONS_TOKEN_SECRET: 'subs-secret',
    };
    const { config, problems } = loadText(all, { env });
    expect(problems).toEqual([]);
    expect(config?.alarms).toHaveLength(4);
    expect(config?.sources.map(({ name }) => name)).toContain('shop');
    expect(config?.registrations).toHaveLength(1);
    expect(config?.subscriptions).not.toBeNull();
    expect(config?.targets[0]?.retry.schedule).toEqual(loadText(shipped).config?.targets[0]?.retry.schedule);
  });

  it('mentions every key', () => {
    const keys = [...configReference(formats).matchAll(/^\| `(?:[a-z_]+\.)*([a-z_]+)`/gm)].map(
      ([, key]) => key as string,
    );
    expect(keys.length).toBeGreaterThan(80);
    for (const key of keys) expect(shipped).toMatch(new RegExp(`\\b${key}:`));
  });
});

describe('the schema for editors', () => {
  it('is the one that the definitions give', () => {
    const file = JSON.parse(readFileSync('config/relay.schema.json', 'utf8'));
    expect(file).toEqual(JSON.parse(JSON.stringify(configSchema(formats))));
  });

  it('describes every key and has the options of every format', () => {
    const text = JSON.stringify(configSchema(formats));
    expect(text).toContain('format bsr: the wire generation');
    const undescribed: string[] = [];
    const visit = (schema: Record<string, unknown>, path: string): void => {
      for (const [name, inner] of Object.entries(
        (schema.properties ?? {}) as Record<string, Record<string, unknown>>,
      )) {
        if (inner.description === undefined && inner.anyOf === undefined) undescribed.push(`${path}.${name}`);
        visit(inner, `${path}.${name}`);
      }
      const each = schema.additionalProperties ?? schema.items;
      if (typeof each === 'object' && each !== null) visit(each as Record<string, unknown>, `${path}.*`);
    };
    visit(configSchema(formats), '');
    expect(undescribed).toEqual([]);
  });
});
