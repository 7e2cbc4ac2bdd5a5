/** What to type in place of an id that the store does not have: a shortened one, one of the other kind, one as it was copied. */
import { deliveryId } from '../kit/ids.ts';
import type { Ledger } from '../stores/store.ts';

/** `command` is the one that was called, for the advice. */
export async function idMeant(id: string, command: string, ledger: Ledger): Promise<string> {
  const plain = id.toLowerCase().replace(/^[^0-9a-z]+|[^0-9a-z]+$/g, '');
  const [, own, ordinal] = /^(?:(?:evt|dlv)_)?([0-9a-z]{26})(?:_(\d+)(?:\.\d+)?)?$/.exec(plain) ?? [];
  if (own === undefined) {
    const part = plain.replace(/^(?:evt|dlv)_/, '');
    return /^[\w.:-]+$/.test(part) ? `dragoman events --text ${part}` : 'dragoman events';
  }
  const event = `evt_${own}`;
  if (!(await ledger.event(event))) return 'dragoman events';
  const delivery = ordinal === undefined ? undefined : await ledger.delivery(deliveryId(event, Number(ordinal)));
  return `dragoman ${command} ${delivery?.id ?? event}`;
}
