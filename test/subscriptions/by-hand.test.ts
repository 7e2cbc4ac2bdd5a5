import { expect, it } from 'vitest';
import { run as register } from '../../src/cli/register.ts';
import { createHome } from '../flow/relay-process.ts';
import { startApiServer } from './api-server.ts';
import { command } from './command.ts';

const URI = 'https://relay.example.com/in/sigma';

const configuration = (api: string): string => `
sources:
  sigma: { format: sigma, register: { api: "${api}/", token_id: an-id, token_secret: a-secret, uri: "${URI}" } }
  backup: { format: sigma, register: { api: "${api}", token_id: an-id, token_secret: a-secret, uri: "${URI}2", events: channel_live } }
  bsr: { format: bsr }
targets: { consumer: { format: sigma, url: "http://127.0.0.1:9" } }
rules: [ { name: on, from: sigma, to: consumer } ]
`;

it('creates, leaves alone and removes webhooks at the API servers of all sources, or of one', async () => {
  const server = await startApiServer({ replies: 'wrapped' });
  using home = createHome(configuration(server.url));
  const by = (options: Record<string, unknown> = {}) => command(register, { config: home.config, ...options });
  expect(await by()).toMatchObject([
    { source: 'sigma', api: server.url, result: 'created' },
    { source: 'backup', api: server.url, result: 'created' },
  ]);
  const [first, second] = server.webhooks;
  expect(await by({ json: false })).toEqual([
    `sigma: webhook ${first?.id} at ${server.url} is as it should be`,
    `backup: webhook ${second?.id} at ${server.url} is as it should be`,
  ]);
  expect(await by({ source: 'backup', remove: true, json: false })).toEqual([
    `backup: deleted 1 webhook at ${server.url}; a relay whose source has register: makes it again within 10 minutes`,
  ]);
  expect(server.webhooks).toMatchObject([{ uri: URI, event: 'all' }]);
  expect(await by({ source: 'backup', remove: true, json: false })).toEqual([
    `backup: there was no webhook for https://relay.example.com at ${server.url}`,
  ]);
});

it('says what is wrong and what to do', async () => {
  const server = await startApiServer();
  using home = createHome(configuration(server.url));
  const by = (options: Record<string, unknown>) => command(register, { config: home.config, ...options });
  await expect(by({ source: 'bsr' })).rejects.toMatchObject({
    exitCode: 1,
    message: 'Error: source "bsr" has no register:\n  Try: sigma, backup',
  });
  server.failures.push({ call: /^GET/, failure: { status: 401, body: '{"ec":401,"msg":"no"}' } });
  await expect(by({})).rejects.toMatchObject({
    exitCode: 1,
    message: `Error: sigma: ${server.url} answered 401: no  [HTTP_401]`,
  });
  home.configure('sources: { bsr: { format: bsr } }\n');
  await expect(by({})).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringContaining('no source has register:'),
  });
});
