/** A reference: Node-RED from npm, in a folder of its own, doing the same job without keeping anything. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type Subject, startSubject } from '../load/processes.ts';

/** Kept between runs. */
const FOLDER = join(tmpdir(), 'dragoman-bench-node-red');
const VERSION = '5.0.7';

/** What the mapping bsr-to-remotemonster does, as JavaScript: the fastest of Node-RED's ways to change a message. */
const CHANGE = `const { payload: clip } = msg.payload;
const base = 'https://media.example.com/output/';
const body = {
  id: clip.platform + '_' + clip.room_id,
  url: base + encodeURIComponent(clip.file),
  duration: String(Math.round(clip.length)),
  filesize: String(clip.size),
  thumbnail: base + encodeURIComponent(clip.cover),
};
return [{ ...msg, statusCode: 202, payload: { id: msg.payload.id, status: 'accepted' } }, { payload: body, headers: { 'content-type': 'application/json' } }];`;

/** Receive → filter → change → request; the sender is answered at once. */
function flow(url: string): object[] {
  const node = (id: string, type: string, more: object) => ({ id, type, z: 'tab', x: 0, y: 0, name: '', ...more });
  const is = (property: string, more: object) => ({
    property,
    propertyType: 'msg',
    rules: [more],
    checkall: 'true',
    repair: false,
    outputs: 1,
  });
  return [
    { id: 'tab', type: 'tab', label: 'relay' },
    node('in', 'http in', { url: '/in/bsr', method: 'post', upload: false, wires: [['type']] }),
    node('type', 'switch', {
      ...is('payload.event', { t: 'eq', v: 'clip.generated', vt: 'str' }),
      wires: [['length']],
    }),
    node('length', 'switch', { ...is('payload.payload.length', { t: 'gt', v: '60', vt: 'num' }), wires: [['change']] }),
    node('change', 'function', { func: CHANGE, outputs: 2, timeout: 0, wires: [['answer'], ['request']] }),
    node('answer', 'http response', { statusCode: '', headers: {}, wires: [] }),
    node('request', 'http request', { method: 'POST', ret: 'txt', url, persist: true, senderr: false, wires: [[]] }),
  ];
}

/** Undefined where it is not there and cannot be fetched. */
export async function startNodeRed(url: string): Promise<Subject | undefined> {
  if (!isInstalled() && !install()) return undefined;
  const port = await freePort();
  const home = join(FOLDER, 'home');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'flows.json'), JSON.stringify(flow(url)));
  const settings = {
    flowFile: 'flows.json',
    uiHost: '127.0.0.1',
    uiPort: port,
    httpAdminRoot: false,
    logging: { console: { level: 'error' } },
  };
  writeFileSync(join(home, 'settings.js'), `module.exports = ${JSON.stringify(settings)};`);
  const script = join(FOLDER, 'node_modules/node-red/red.js');
  return startSubject({
    args: [script, '--userDir', home, '--settings', join(home, 'settings.js')],
    port,
    cwd: FOLDER,
  });
}

function isInstalled(): boolean {
  return existsSync(join(FOLDER, 'node_modules/node-red/red.js'));
}

function install(): boolean {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, 'package.json'), '{ "private": true }');
  process.stderr.write('installing Node-RED into a folder of its own, once\n');
  const args = ['install', `node-red@${VERSION}`, '--omit=optional', '--no-audit', '--no-fund', '--ignore-scripts'];
  return spawnSync('npm', args, { cwd: FOLDER, stdio: 'ignore', timeout: 300_000 }).status === 0;
}
