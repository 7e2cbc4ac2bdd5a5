import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from './rig.ts';
import { runApi } from './run-api.ts';

/** What any sequence of calls must amount to. */
interface Webhook {
  readonly id: string;
  readonly uri: string;
  readonly event: readonly string[];
}

const uri = fc.constantFrom('http://webhook.com', 'https://example.com/a', 'http://example.com:8080/b?c=d');
const someEvents = fc.subarray(EVENT_TYPES, { minLength: 1 });
const events = fc.oneof(someEvents, fc.constant(['all']));
const index = fc.nat({ max: 5 });

const step = fc.oneof(
  fc.record({ call: fc.constant('create' as const), uri, events, form: fc.boolean() }),
  fc.record({ call: fc.constant('update' as const), index, uri, events, form: fc.boolean() }),
  fc.record({ call: fc.constant('delete' as const), index }),
  fc.record({ call: fc.constant('take' as const), index, events }),
  fc.record({ call: fc.constant('relay' as const) }),
);

describe('any sequence of creates, updates and deletes', () => {
  it('leaves what a simple list leaves', async () => {
    const rig = await runApi();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), fc.integer({ min: 1, max: 4 }), async (steps, length) => {
        for (const key of [...rig.shared.rows.keys()]) rig.shared.rows.delete(key);
        let model: Webhook[] = [];
        const given: string[] = [];
        const expand = (names: readonly string[]) => (names.includes('all') ? EVENT_TYPES : names);
        for (const one of steps) {
          const id = 'index' in one ? (given[one.index] ?? '7') : '';
          const known = model.some((webhook) => webhook.id === id);
          const body = 'uri' in one ? { uri: one.uri, event: one.events.join(',') } : undefined;
          const sent = body && 'form' in one && one.form ? new URLSearchParams(body) : body;
          switch (one.call) {
            case 'create': {
              const reply = await rig.call('POST', '', sent);
              const webhook = { id: (reply.body as Webhook).id, uri: one.uri, event: expand(one.events) };
              expect(reply).toMatchObject({ status: 200, body: webhook });
              expect(given).not.toContain(webhook.id);
              given.push(webhook.id);
              model.push(webhook);
              break;
            }
            case 'update': {
              const webhook = { id, uri: one.uri, event: expand(one.events) };
              const reply = await rig.call('PUT', `/${id}`, sent);
              expect(reply).toMatchObject(known ? { status: 200, body: webhook } : { status: 404 });
              model = model.map((before) => (before.id === id ? webhook : before));
              break;
            }
            case 'delete':
              expect((await rig.call('DELETE', `/${id}`)).status).toBe(known ? 200 : 404);
              model = model.filter((webhook) => webhook.id !== id);
              break;
            case 'take': {
              const reply = await rig.call('DELETE', `/${id}?event=${one.events.join(',')}`);
              expect(reply).toMatchObject(known ? { status: 200, body: {} } : { status: 404 });
              const left = ({ event, ...rest }: Webhook) => ({
                ...rest,
                event: event.filter((name) => !expand(one.events).includes(name)),
              });
              model = model.map((webhook) => (webhook.id === id ? left(webhook) : webhook));
              model = model.filter(({ event }) => event.length > 0);
              break;
            }
            case 'relay': {
              const other = rig.another();
              await other.refresh();
              expect(other.list().map((subscriber) => subscriber.id)).toEqual(model.map((webhook) => webhook.id));
            }
          }
        }
        const listed: Webhook[] = [];
        for (let page = 0; page * length <= model.length; page++) {
          const { body } = await rig.call('GET', `?page=${page}&length=${length}`);
          const { data, ...rest } = body as { data: Webhook[] };
          expect(rest).toEqual({ total: model.length, length: data.length, page });
          listed.push(...data);
        }
        expect(listed).toEqual(model);
        for (const type of EVENT_TYPES) {
          const { body } = await rig.call('GET', `?event=${type}&length=100`);
          expect((body as { data: Webhook[] }).data).toEqual(model.filter(({ event }) => event.includes(type)));
        }
        for (const webhook of model) expect((await rig.call('GET', `/${webhook.id}`)).body).toEqual(webhook);
      }),
      { numRuns: 60 },
    );
  });
});
