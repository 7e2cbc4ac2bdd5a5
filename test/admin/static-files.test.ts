import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Koa from 'koa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { staticFiles } from '../../src/admin/static-files.ts';
import { rawRequest } from './run-admin.ts';

const root = mkdtempSync(join(tmpdir(), 'dragoman-static-'));
const folder = join(root, 'dashboard');
let server: Server;
let url: string;

beforeAll(async () => {
  const app = new Koa();
  app.use(staticFiles(folder));
  server = createServer(app.callback());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(join(root, 'secret.txt'), 'outside');
});
afterAll(async () => {
  await new Promise((done) => server.close(done));
  rmSync(root, { recursive: true });
});

describe("the dashboard's files", () => {
  it('are asked for in one line while they are not built, and found as soon as they are', async () => {
    const before = await rawRequest(`${url}/`, {});
    expect([before.status, before.body]).toEqual([200, expect.stringContaining('npm run build:dashboard')]);
    mkdirSync(join(folder, 'assets'), { recursive: true });
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>built</title>');
    writeFileSync(join(folder, 'assets/index-BZOPOMji.js'), 'export {}');
    writeFileSync(join(folder, 'assets/icon.svg'), '<svg/>');
    expect((await rawRequest(`${url}/`, {})).body).toContain('built');
  });

  it.each([
    ['/', 'text/html; charset=utf-8', 'no-cache'],
    ['/index.html', 'text/html; charset=utf-8', 'no-cache'],
    ['/assets/index-BZOPOMji.js', 'text/javascript; charset=utf-8', 'private, max-age=31536000, immutable'],
    ['/assets/icon.svg', 'image/svg+xml', 'no-cache'],
  ])('%s comes as %s, kept as %s', async (path, type, keep) => {
    const { status, headers } = await rawRequest(url + path, {});
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([200, type, keep]);
  });

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/%00',
    '/nothing.js',
    '/assets',
    '/assets/',
  ])('%s leads to no file', async (path) => {
    const { status, body } = await rawRequest(`${url}${path}`, {});
    expect([status, body]).toEqual([404, 'Not Found']);
  });

  it('take no other method than GET and HEAD', async () => {
    expect((await rawRequest(`${url}/index.html`, { method: 'POST' })).status).toBe(404);
    expect((await rawRequest(`${url}/index.html`, { method: 'HEAD' })).status).toBe(200);
  });
});
