/** Named points at which a fault test lets the process die on the spot; nothing happens at them otherwise. */

const [armed, pass] = (process.env.DRAGOMAN_CRASH_AT ?? '').split(':');
let passesLeft = Number(pass ?? 1);

/**
 * Ends the process with SIGKILL where `DRAGOMAN_CRASH_AT` names this point; `before-commit:20` means the twentieth time that it is passed
 * in its thread. A pass for which `applies` is false does not count.
 */
export function crashPoint(name: string, applies = true): void {
  if (armed !== name || !applies) return;
  passesLeft -= 1;
  if (passesLeft <= 0) process.kill(process.pid, 'SIGKILL');
}
