import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMask, maskCredentials, maskHeaders, maskUrl } from '../../src/admin/mask.ts';

describe('masking', () => {
  it('finds a secret in every text, names included, however deep', () => {
    const mask = createMask(() => ['s3cret!']);
    expect(mask({ a: ['x s3cret! y', { 's3cret!': 1 }], n: 5, none: null, big: 10n ** 20n })).toEqual({
      a: ['x *** y', { '***': 1 }],
      n: 5,
      none: null,
      big: 10n ** 20n,
    });
  });

  it('masks the longer of two secrets that begin alike, so that no rest is left', () => {
    expect(createMask(() => ['abcd', 'abcdefgh'])('abcdefgh abcd')).toBe('*** ***');
  });

  it('follows secrets that change', () => {
    let secrets = ['first-secret'];
    const mask = createMask(() => secrets);
    expect(mask('first-secret second-secret')).toBe('*** second-secret');
    secrets = ['second-secret'];
    expect(mask('first-secret second-secret')).toBe('first-secret ***');
  });

  it('leaves everything as it is where there are no secrets', () => {
    const value = { a: [1] };
    expect(createMask(() => [])(value)).toBe(value);
  });

  it('leaves no spelling of any secret in any text', () => {
    const secret = fc.string({ minLength: 8, maxLength: 30 });
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (hidden, before, after) => {
        const mask = createMask(() => [hidden]);
        for (const spelling of [hidden, JSON.stringify(hidden).slice(1, -1), encodeURIComponent(hidden)]) {
          expect(mask(`${before}\u0000${spelling}\u0000${after}`)).not.toContain(`\u0000${spelling}\u0000`);
        }
      }),
    );
  });
});

describe('what may be shown', () => {
  it('of headers', () => {
    const headers = {
      authorization: 'a',
      'x-api-key': 'b',
      'set-cookie': 'c',
      'webhook-signature': 'd',
      'webhook-id': 'e',
    };
    expect(maskHeaders(headers)).toEqual({
      authorization: '***',
      'x-api-key': '***',
      'set-cookie': '***',
      'webhook-signature': '***',
      'webhook-id': 'e',
    });
    expect(maskCredentials(headers)).toMatchObject({ authorization: '***', 'webhook-signature': 'd' });
  });

  it.each([
    ['https://user:pass@example.com/a?key=1&flag', 'https://example.com/a?key=***&flag'],
    ['http://example.com:8080', 'http://example.com:8080/'],
    ['no url', '***'],
  ])('of the URL %s', (url, shown) => {
    expect(maskUrl(url)).toBe(shown);
  });
});
