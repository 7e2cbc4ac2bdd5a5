/** The suite that defines the store's port: every store passes it unchanged. */
import { afterEach, beforeEach, describe } from 'vitest';
import type { Store } from '../../src/stores/store.ts';
import type { ManualClock } from '../kit/manual-clock.ts';
import { inboxConformance } from './conformance-inbox.ts';
import { ledgerConformance } from './conformance-ledger.ts';
import { orderConformance } from './conformance-order.ts';
import { propertyConformance } from './conformance-property.ts';
import { queueConformance } from './conformance-queue.ts';
import { retentionConformance } from './conformance-retention.ts';
import { sharedConformance } from './conformance-shared.ts';

export interface OpenedStore {
  readonly store: Store;
  readonly clock: ManualClock;
  /** Closes the store and opens it anew on what it has kept. */
  reopen(): Promise<Store>;
  /** Closes everything and deletes what was kept. */
  destroy(): Promise<void>;
}

export type OpenStore = () => Promise<OpenedStore>;

export interface StoreKind {
  /** Opens an empty store. */
  readonly open: OpenStore;
  /** True where only one process has the store, so that a lease ends with it. */
  readonly leasesEndWithProcess: boolean;
  /** Opens one more store on the same events, where several relays may share it. The caller closes it. */
  readonly another?: (opened: OpenedStore) => Promise<Store>;
}

/** The store of the running test, opened before it and destroyed after it. */
export interface Bench {
  readonly store: Store;
  readonly opened: OpenedStore;
}

export function storeConformance(name: string, kind: StoreKind): void {
  describe(`the ${name} store`, () => {
    let opened: OpenedStore;
    const bench: Bench = {
      get store() {
        return opened.store;
      },
      get opened() {
        return opened;
      },
    };
    describe('opened for each test', () => {
      beforeEach(async () => {
        opened = await kind.open();
      });
      afterEach(() => opened.destroy());
      inboxConformance(bench);
      queueConformance(bench, kind.leasesEndWithProcess);
      orderConformance(bench);
      ledgerConformance(bench);
      retentionConformance(bench);
      sharedConformance(bench, kind.another);
    });
    propertyConformance(kind.open);
  });
}
