import { expect, it } from 'vitest';
import { formats } from '../../src/formats/index.ts';
import { routeEvent } from '../../src/plan/journey.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { unsavedScope } from '../../src/plan/unsaved-scope.ts';
import { createHome } from '../flow/relay-process.ts';

const YAML = `
sources: { shop: { format: json, type: { const: order } } }
targets: { till: { format: json, url: "http://127.0.0.1:9", order_by: data.customer } }
rules: [ { name: orders, from: shop, to: till } ]
`;

it.each([
  ['{ "customer": "anna" }', 'anna'],
  ['{ "customer": 7 }', '7'],
  ['{ "customer": false }', 'false'],
  ['{ "customer": { "id": 7 } }', '{"id":7}'],
  ['{ "customer": null }', null],
  ['{ "customer": "" }', null],
  ['{}', null],
])('puts deliveries in order by a value, and those without one in none: %s', (body, key) => {
  using home = createHome(YAML);
  const { plan } = makePlan({ configPath: home.config, env: {} });
  if (!plan) throw new Error('the plan has problems');
  const headers = { 'content-type': 'application/json' };
  const request = { method: 'POST', path: '/in/shop', search: '', headers, body: Buffer.from(body), receivedAt: 0 };
  const reading = formats.get('json')?.read(request, { type: { const: 'order' } });
  if (reading?.kind !== 'event') throw new Error('the event is not read');
  const about = { source: 'shop', format: 'json', event: reading.event, request, params: {} };
  const targets = new Map(plan.config.targets.map((target) => [target.name, target]));
  const [delivery] = routeEvent({ plan, scope: unsavedScope(about), targets, subscribers: [] });
  expect(delivery).toMatchObject({ target: 'till', orderKey: key });
});
