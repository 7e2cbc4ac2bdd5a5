import { describe, expect, it } from 'vitest';
import { bsr } from '../../src/formats/bsr/index.ts';
import { checkData } from '../../src/formats/check-data.ts';
import { json } from '../../src/formats/json/index.ts';
import { scopeSchema } from '../../src/formats/scope-schema.ts';
import { fieldAt, type Schema } from '../../src/model/schema.ts';
import { eventOf, sampleRequest } from './request.ts';

const params: Schema = {
  type: 'object',
  properties: { media_base: { type: 'string' } },
  required: ['media_base'],
  additionalProperties: false,
};

function leads(schema: Schema, path: string): string {
  const found = fieldAt(schema, path.split('.'));
  if (!found) return 'nowhere';
  return found.optional ? 'optional' : 'always';
}

describe('what a rule or a mapping can see', () => {
  const scope = scopeSchema({ format: bsr, type: 'record.ended', params });

  it.each([
    ['event.id', 'always'],
    ['event.type', 'always'],
    ['event.received_at', 'always'],
    ['event.payload', 'nowhere'],
    ['data.room_id', 'always'],
    ['data.live_id', 'always'],
    ['data.total_length', 'optional'],
    ['data.room_cover', 'optional'],
    ['data.room_di', 'nowhere'],
    ['data.file', 'nowhere'],
    ['raw.payload.room_info.room_id', 'optional'],
    ['raw.payload.current_live_id', 'optional'],
    ['raw.payload.enabled', 'optional'],
    ['raw.payload.a_field_of_next_year', 'optional'],
    ['raw.payload.room_info.room_id.x', 'nowhere'],
    ['request.method', 'always'],
    ['request.query.tenant', 'optional'],
    ['request.headers.user-agent', 'optional'],
    ['request.body', 'nowhere'],
    ['params.media_base', 'always'],
    ['params.media', 'nowhere'],
    ['dat.room_id', 'nowhere'],
  ])('%s of a record.ended leads: %s', (path, where) => expect(leads(scope, path)).toBe(where));

  it('is open where the format is', () => {
    const open = scopeSchema({ format: json, type: 'order.created', params });
    expect(leads(open, 'data.order.items.0.id')).toBe('optional');
    expect(leads(open, 'raw.anything')).toBe('optional');
    expect(leads(open, 'event.payload')).toBe('nowhere');
    expect(
      checkData(open, { event: {}, data: {}, raw: {}, request: {}, params: {} }).map(({ path }) => path),
    ).toContain('event.id');
  });

  it('describes a real event', () => {
    const [sample] = bsr.events['record.ended']?.samples ?? [];
    if (!sample) throw new Error('no sample');
    const { data, raw, key, time, type } = eventOf(bsr.read(sampleRequest(sample), {}));
    const event = { id: 'evt_1', key, type, source: 'recorder', format: 'bsr', time, received_at: time };
    const request = { method: 'POST', query: { tenant: 'a' }, headers: { 'user-agent': 'x' } };
    const all = { event, data, raw, request, params: { media_base: 'https://media.example.com' } };
    expect(checkData(scope, all)).toEqual([]);
    expect(checkData(scope, { ...all, event: { ...event, type: 'live.ended' } })).toMatchObject([
      { path: 'event.type' },
    ]);
  });
});
