import { describe, expect, it } from 'vitest';
import { modifyShared } from '../../src/kit/shared-state.ts';
import { MemoryShared } from './memory-shared.ts';

describe('a change to what relays share', () => {
  it('is not lost, however many are made at once', async () => {
    const shared = new MemoryShared();
    const add = (digit: string) => modifyShared(shared, 'key', (value) => `${value ?? ''}${digit}`);
    const digits = [...'0123456789'];
    const last = await Promise.all(digits.map(add));
    expect([...(shared.rows.get('key')?.value ?? '')].toSorted()).toEqual(digits);
    expect(new Set(last).size).toBe(10);
    expect(last).toContain(shared.rows.get('key')?.value);
  });

  it('takes a row away, and leaves what is not there', async () => {
    const shared = new MemoryShared();
    await modifyShared(shared, 'key', () => 'value');
    expect(await modifyShared(shared, 'key', () => null)).toBeNull();
    expect(shared.rows.size).toBe(0);
    expect(await modifyShared(shared, 'key', (value) => value)).toBeNull();
    expect(shared.puts).toBe(2);
  });

  it('writes nothing where nothing changes', async () => {
    const shared = new MemoryShared();
    await modifyShared(shared, 'key', () => 'value');
    expect(await modifyShared(shared, 'key', () => 'value')).toBe('value');
    expect(shared.puts).toBe(1);
  });

  it('is about one key, whatever else begins like it', async () => {
    const shared = new MemoryShared();
    await modifyShared(shared, 'key/10', () => 'other');
    await modifyShared(shared, 'key/1', (value) => `was ${value}`);
    expect(shared.rows.get('key/1')?.value).toBe('was null');
  });

  it('is given up where every race is lost', async () => {
    const shared = { get: async () => undefined, put: async () => false };
    await expect(modifyShared(shared, 'key', () => 'value')).rejects.toThrow('too many relays change key at once');
  });
});
