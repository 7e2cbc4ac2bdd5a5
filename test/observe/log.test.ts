import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLog, type LogOptions } from '../../src/observe/log.ts';

function logTo(more: Partial<LogOptions> = {}) {
  const stream = new PassThrough();
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const log = createLog({ level: 'info', pretty: false, color: false, stream, secrets: () => ['s3cret'], ...more });
  return { log, lines: () => text.trim().split('\n').filter(Boolean) };
}

describe('the log', () => {
  it('writes one line of JSON a happening', () => {
    const { log, lines } = logTo();
    log.write('info', 'event.accepted', { id: 'evt_1', deliveries: 2 });
    expect(lines().map((line) => JSON.parse(line))).toMatchObject([
      { level: 30, happening: 'event.accepted', id: 'evt_1', deliveries: 2, time: expect.any(Number) },
    ]);
  });

  it('leaves out what is below its level', () => {
    const { log, lines } = logTo({ level: 'warn' });
    log.write('info', 'event.accepted', {});
    log.write('warn', 'request.refused', {});
    expect(lines()).toHaveLength(1);
  });

  it('never writes a secret', () => {
    const { log, lines } = logTo();
    log.write('error', 'relay.defect', { error: 'cannot reach http://x?key=s3cret and s3cret' });
    expect(lines().join()).not.toContain('s3cret');
    expect(JSON.parse(lines()[0] ?? '').error).toBe('cannot reach http://x?key=*** and ***');
  });

  it('writes the same in columns for people', () => {
    const { log, lines } = logTo({ pretty: true });
    log.write('warn', 'request.refused', { code: 'SECRET_WRONG', message: 'two words' });
    expect(lines()[0]).toMatch(/^\d\d:\d\d:\d\d {2}WARN request\.refused {2}code=SECRET_WRONG message="two words"$/);
  });

  it('lets nobody who is quoted in a line write over the terminal', () => {
    const { log, lines } = logTo({ pretty: true });
    log.write('warn', 'delivery.dead', { reason: '\x1b[2Jx\u009b', message: 'two \u009bwords' });
    expect(lines()[0]).toMatch(/reason=\\u001b\[2Jx\\u009b message="two \\u009bwords"$/);
  });
});
