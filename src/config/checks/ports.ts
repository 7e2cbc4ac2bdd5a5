/** Checks of the two ports: a token wherever others can reach the admin port, and no port asked for twice. */
import type { Position } from '../../kit/problem.ts';
import type { Checking } from './report.ts';

/** Whether only this machine can reach what listens on the address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** `places` are where the sections stand in the file. */
export function checkPorts(checking: Checking, places: { readonly admin: Position }): void {
  const { settings, reader } = checking;
  const { server, admin } = settings;
  if (admin?.host !== undefined && !isLoopback(admin.host) && (admin.token === null || admin.token === '')) {
    const message = `admin.host ${admin.host} can be reached by others, and there is no admin.token`;
    reader.problem({ at: places.admin, code: 'CONFIG_ADMIN_OPEN', message, try: 'token: ${env:DRAGOMAN_ADMIN_TOKEN}' });
  }
  const isAnywhere = (host: string | undefined): boolean => host === '0.0.0.0' || host === '::';
  const overlap = server?.host === admin?.host || isAnywhere(server?.host) || isAnywhere(admin?.host);
  if (server?.port !== undefined && server.port !== 0 && server.port === admin?.port && overlap) {
    const message = `server and admin both ask for port ${server.port}`;
    const advice = `port: ${server.port === 65_535 ? 8081 : server.port + 1}`;
    reader.problem({ at: places.admin, code: 'CONFIG_PORT_CLASH', message, try: advice });
  }
}
