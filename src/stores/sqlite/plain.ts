/** The operations that are not on every event's path, by name. */
import type { DatabaseSync } from 'node:sqlite';
import { prepareClaim, prepareDue } from './claim.ts';
import type { Desk } from './desk.ts';
import { prepareExpire } from './expire.ts';
import { prepareHasten } from './hasten.ts';
import type { KeyBlocks } from './key-blocks.ts';
import type { Order } from './order.ts';
import { preparePrune } from './prune.ts';
import { prepareReplay } from './replay.ts';
import { prepareShared } from './shared-state.ts';
import type { prepareMove } from './siblings.ts';
import type { Answer, PlainOperation } from './wire.ts';

export interface Tools {
  readonly order: Order;
  readonly move: ReturnType<typeof prepareMove>;
  readonly blocks: KeyBlocks;
}

export function preparePlain(
  db: DatabaseSync,
  { order, move, blocks }: Tools,
): (desk: Desk, operation: PlainOperation) => Answer {
  const claim = prepareClaim(db, order);
  const due = prepareDue(db);
  const hasten = prepareHasten(db);
  const replay = prepareReplay(db, move);
  const prune = preparePrune(db, blocks);
  const expire = prepareExpire(db, order, move);
  const shared = prepareShared(db);
  const touch = db.prepare("UPDATE counters SET value = 1 - value WHERE name = 'checks'");
  return (desk, operation) => {
    switch (operation.do) {
      case 'claim':
        return claim(desk, operation);
      case 'due':
        return due();
      case 'hasten':
        return hasten(desk, operation);
      case 'replay':
        return replay(desk.group.tally, operation);
      case 'prune':
        return prune(desk, operation);
      case 'expire':
        return expire(desk, operation);
      case 'check':
        return touch.run().changes === 1;
      case 'get':
        return shared.get(operation.key);
      case 'list':
        return shared.list(operation.prefix);
      case 'put':
        return shared.put(operation.key, operation.value, operation.version);
      default:
        return operation satisfies never;
    }
  };
}
