/** A queue in memory that keeps the promises of a store's, so that tests can look into it and take it away. */
import type { QueuePort } from '../../src/deliver/ports.ts';
import type { Clock } from '../../src/kit/clock.ts';
import type { AcceptedEvent, Attempt, Delivery, Lease, LeasedDelivery, Settlement } from '../../src/model/delivery.ts';

interface Row {
  delivery: Delivery;
  event: AcceptedEvent;
  lease: Lease | null;
  attempts: Attempt[];
}

export class MemoryQueue implements QueuePort {
  readonly rows = new Map<string, Row>();
  readonly claims: { readonly target: string; readonly limit: number }[] = [];
  /** True while the store cannot be reached. */
  isAway = false;
  readonly #clock: Clock;
  readonly #listeners = new Set<(target: string) => void>();
  #tokens = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Adds deliveries that are due at once, `dlv_1` and on, or as named. */
  add(count: number, changes: Partial<Delivery> = {}, headers: Record<string, string> = {}): string[] {
    return Array.from({ length: count }, () => {
      const id = changes.id ?? `dlv_${this.rows.size + 1}`;
      const now = this.#clock.now();
      const event = { id: `evt_${id}`, receivedAt: now, request: { headers, body: Buffer.from('raw') } };
      const delivery: Delivery = {
        id,
        eventId: event.id,
        rule: 'r',
        target: 't',
        mapping: null,
        orderKey: null,
        state: 'waiting',
        attempts: 0,
        round: 0,
        progress: 0,
        requests: null,
        createdAt: now,
        dueAt: now,
        finishedAt: null,
        reason: null,
        replays: 0,
        ...changes,
      };
      this.rows.set(id, { delivery, event: event as unknown as AcceptedEvent, lease: null, attempts: [] });
      return id;
    });
  }

  /** As the door does it: saved and leased in one. */
  addHeld(count: number, leaseMs = 120_000, changes: Partial<Delivery> = {}): LeasedDelivery[] {
    return this.add(count, changes).map((id) => this.#lease(this.row(id), this.#clock.now() + leaseMs));
  }

  row(id: string): Row {
    const row = this.rows.get(id);
    if (!row) throw new Error(`no ${id}`);
    return row;
  }

  inState(state: Delivery['state'], target?: string): string[] {
    const rows = [...this.rows.values()].filter(({ delivery }) => delivery.state === state);
    return rows.filter(({ delivery }) => !target || delivery.target === target).map(({ delivery }) => delivery.id);
  }

  leased(): string[] {
    return [...this.rows.values()].filter((row) => this.#isLeased(row)).map(({ delivery }) => delivery.id);
  }

  async claim(wanted: Parameters<QueuePort['claim']>[0]): Promise<readonly LeasedDelivery[]> {
    this.#answer();
    this.claims.push({ target: wanted.target, limit: wanted.limit });
    const blocked = new Set<string>();
    const due: Row[] = [];
    for (const row of this.rows.values()) {
      const { delivery } = row;
      if (delivery.target !== wanted.target || delivery.state !== 'waiting' || due.length >= wanted.limit) continue;
      const isBehind = wanted.ordered && delivery.orderKey !== null && blocked.has(delivery.orderKey);
      if (delivery.orderKey !== null) blocked.add(delivery.orderKey);
      if (!isBehind && delivery.dueAt <= wanted.now && !this.#isLeased(row)) due.push(row);
    }
    return due.map((row) => this.#lease(row, wanted.leaseUntil));
  }

  async settle(settlements: readonly Settlement[]): Promise<readonly ('settled' | 'lost')[]> {
    this.#answer();
    return settlements.map((settlement) => {
      const row = this.row(settlement.deliveryId);
      if (row.lease?.token !== settlement.lease.token) return 'lost';
      this.#write(row, settlement);
      return 'settled';
    });
  }

  async due(): Promise<ReadonlyMap<string, number>> {
    this.#answer();
    const due = new Map<string, number>();
    for (const row of this.rows.values()) {
      if (row.delivery.state !== 'waiting') continue;
      const at = Math.max(row.delivery.dueAt, row.lease?.until ?? 0);
      due.set(row.delivery.target, Math.min(due.get(row.delivery.target) ?? Number.POSITIVE_INFINITY, at));
    }
    return due;
  }

  async hasten({ target, now, limit }: Parameters<QueuePort['hasten']>[0]) {
    this.#answer();
    const later = [...this.rows.values()].filter(
      (row) =>
        row.delivery.state === 'waiting' &&
        row.delivery.target === target &&
        row.delivery.dueAt > now &&
        !this.#isLeased(row),
    );
    for (const row of later.slice(0, limit)) row.delivery = { ...row.delivery, dueAt: now };
    return { hastened: Math.min(later.length, limit), more: later.length >= limit };
  }

  onHint(listener: (target: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  hint(target: string): void {
    for (const listener of this.#listeners) listener(target);
  }

  #write(row: Row, { result, attempts, progress, round, requests }: Settlement): void {
    row.attempts.push(...attempts);
    const before = { ...row.delivery, progress, round, requests: requests ?? row.delivery.requests };
    const counted = { ...before, attempts: before.attempts + attempts.length };
    if (result.kind === 'continued') {
      row.delivery = counted;
      return;
    }
    row.lease = null;
    if (result.kind === 'released') row.delivery = counted;
    else if (result.kind === 'retry') row.delivery = { ...counted, dueAt: result.at, reason: result.reason };
    else {
      const reason = result.kind === 'delivered' ? null : result.reason;
      row.delivery = { ...counted, state: result.kind, reason, finishedAt: this.#clock.now() };
    }
  }

  #lease(row: Row, until: number): LeasedDelivery {
    row.lease = { token: ++this.#tokens, until };
    return { delivery: row.delivery, event: row.event, lease: row.lease };
  }

  #isLeased(row: Row): boolean {
    return row.lease !== null && row.lease.until > this.#clock.now();
  }

  #answer(): void {
    if (this.isAway) throw new Error('the store is away');
  }
}
