/** Whether this process may mount a disk of its own: root on a plain machine, mostly not in a container. */
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';

export function canMount(): boolean {
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
