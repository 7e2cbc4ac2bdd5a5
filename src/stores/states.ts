/** The states of events and deliveries as both databases keep them: in a byte each, so that a row keeps its size when its state changes. */
import type { DeliveryState, EventState } from '../model/delivery.ts';

export const DELIVERY_STATES: readonly DeliveryState[] = ['waiting', 'delivered', 'dropped', 'dead', 'expired'];
export const WAITING = 2;
export const deliveryStateCode = (state: DeliveryState): number => DELIVERY_STATES.indexOf(state) + WAITING;
export const deliveryStateOf = (code: number): DeliveryState => DELIVERY_STATES[code - WAITING] ?? 'waiting';

export const EVENT_STATES: readonly EventState[] = ['accepted', 'unmatched', 'ignored'];
export const eventStateCode = (state: EventState): number => EVENT_STATES.indexOf(state);
export const eventStateOf = (code: number): EventState => EVENT_STATES[code] ?? 'accepted';

/**
 * Where a waiting delivery stands. `LEASED`: `ready_at` is the lease's end. `BEHIND`: another delivery of its target and order key comes
 * first; each database's order.ts says what holds of these.
 */
export const READY = 0;
export const LEASED = 1;
export const BEHIND = 2;

/** In the ledger an event counts as what the first of these is that one of its deliveries is in. */
export const BY_WEIGHT: readonly DeliveryState[] = ['waiting', 'dead', 'expired', 'delivered', 'dropped'];
