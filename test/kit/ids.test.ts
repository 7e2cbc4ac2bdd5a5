import { describe, expect, it } from 'vitest';
import { createEventIds, deliveryId, derivedUuid, eventIdOfDelivery, isUuid } from '../../src/kit/ids.ts';

describe('ids', () => {
  it('ascend within a millisecond, and when the clock steps back', () => {
    const times = [1000, 1000, 1000, 2000, 500, 500, 3000];
    const next = createEventIds(() => times.shift() ?? 0);
    const ids = Array.from({ length: 7 }, next);
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(7);
    for (const id of ids) expect(id).toMatch(/^evt_[0-9a-hjkmnp-tv-z]{26}$/);
  });

  it('begin with the time', () => {
    expect(createEventIds(() => 0)()).toMatch(/^evt_0000000000/);
    expect(createEventIds(() => 2 ** 48 - 1)()).toMatch(/^evt_7zzzzzzzzz/);
  });

  it('lead from a delivery to its event', () => {
    const event = createEventIds(() => 1)();
    expect(eventIdOfDelivery(deliveryId(event, 12))).toBe(event);
    expect(eventIdOfDelivery(`${deliveryId(event, 1)}.2`)).toBe(event);
    expect(eventIdOfDelivery('dlv_short_1')).toBeUndefined();
    expect(eventIdOfDelivery(event)).toBeUndefined();
  });

  it('derive the UUID that RFC 9562 prints for its example', () => {
    const dns = Buffer.from('6ba7b8109dad11d180b400c04fd430c8', 'hex');
    expect(derivedUuid('www.example.com', dns)).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });

  it('derive the same UUID from the same text, and another from another', () => {
    expect(derivedUuid('a')).toBe(derivedUuid('a'));
    expect(derivedUuid('a')).not.toBe(derivedUuid('b'));
    expect(isUuid(derivedUuid('a'))).toBe(true);
    expect(isUuid('bilibili_26966466')).toBe(false);
  });
});
