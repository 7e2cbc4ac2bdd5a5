/** A reference: nginx as a proxy that does nothing but pass requests on, where it is installed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type Subject, startSubject } from '../load/processes.ts';
import { PATH } from './relay.ts';

/** Undefined where it is not there. */
export async function startNginx(url: string): Promise<Subject | undefined> {
  const command = ['nginx', '/usr/sbin/nginx'].find((one) => spawnSync(one, ['-v']).status === 0);
  if (!command) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'dragoman-bench-nginx-'));
  const port = await freePort();
  const config = join(folder, 'nginx.conf');
  writeFileSync(config, proxyTo(new URL(url), port));
  const subject = await startSubject({ command, args: ['-p', folder, '-c', config], port });
  return {
    ...subject,
    async [Symbol.asyncDispose]() {
      await subject[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Paths are relative to `-p`. Its master is its only worker: one process to count, and none is left when it is killed. */
function proxyTo({ host, pathname }: URL, port: number): string {
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((one) => `  ${one}_temp_path ${one};`);
  return `daemon off;
master_process off;
worker_processes 1;
pid nginx.pid;
error_log error.log;
events { worker_connections 1024; }
http {
${folders.join('\n')}
  access_log off;
  keepalive_requests 1000000000;
  upstream sink { server ${host}; keepalive 128; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port};
    location ${PATH} { proxy_pass http://sink${pathname}; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
}
`;
}
