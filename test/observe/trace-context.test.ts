import { describe, expect, it } from 'vitest';
import { contextHeaders, contextOf, keptTrace } from '../../src/observe/trace-context.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

describe('the trace that an event belongs to', () => {
  it.each([
    [{ traceparent: `00-${TRACE}-${SPAN}-01` }, { isSampled: true, isRandom: false, state: '' }],
    [
      { traceparent: `00-${TRACE}-${SPAN}-00`, tracestate: 'a=1,b=2' },
      { isSampled: false, state: 'a=1,b=2' },
    ],
    [{ traceparent: `00-${TRACE}-${SPAN}-03` }, { isSampled: true, isRandom: true }],
    [{ traceparent: `cc-${TRACE}-${SPAN}-01-what-will-be` }, { isSampled: true }],
    [{ traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'x'.repeat(513) }, { state: '' }],
    [{ traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'a=\u00e4' }, { state: '' }],
  ])('is the sender’s: %j', (headers, expected) => {
    expect(contextOf('evt_1', headers)).toMatchObject({ traceId: TRACE, parentSpanId: SPAN, ...expected });
  });

  it.each([
    '',
    'yes',
    `00-${TRACE}-${SPAN}`,
    `00-${TRACE}-${SPAN}-01-more`,
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE}-${SPAN}-0g`,
    `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01\n`,
  ])('is its own where the sender says %j', (traceparent) => {
    const own = contextOf('evt_1', {});
    expect(contextOf('evt_1', { traceparent, tracestate: 'a=1' })).toEqual(own);
    expect(own).toMatchObject({ parentSpanId: '', isSampled: null, state: '' });
    expect(own.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(contextOf('evt_2', {}).traceId).not.toBe(own.traceId);
  });

  it.each([
    ['01', true, '01'],
    ['00', true, '01'],
    ['01', false, '00'],
    ['03', true, '03'],
    ['03', false, '02'],
  ])('is told on under a span of its own: flags %s, kept %s', (flags, isKept, told) => {
    const context = contextOf('evt_1', { traceparent: `00-${TRACE}-${SPAN}-${flags}`, tracestate: 'a=1' });
    const headers = contextHeaders(context, { spanId: '00f067aa0ba902b7', isKept });
    expect(headers).toEqual({ traceparent: `00-${TRACE}-00f067aa0ba902b7-${told}`, tracestate: 'a=1' });
    expect(keptTrace(headers.traceparent)).toBe(isKept ? TRACE : undefined);
    expect(contextOf('evt_1', headers).parentSpanId).toBe('00f067aa0ba902b7');
  });
});
