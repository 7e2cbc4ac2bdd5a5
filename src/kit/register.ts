/** A map for what comes and goes by the thousand a second, which keeps nothing alive that has been taken out of it. */

/**
 * V8 gives a `Map` a new table whenever the old one has filled up with deletions. The table of a long-lived map is in the old generation,
 * where it stays, with all it refers to, until the next major collection: every entry that was there at that moment is copied by two
 * minor collections and ends in the old generation, although it has long gone. Here tables refer to numbers only.
 */
export class Register<V> {
  readonly #places = new Map<string, number>();
  readonly #values: (V | undefined)[] = [];
  readonly #free: number[] = [];

  get size(): number {
    return this.#places.size;
  }

  get(key: string): V | undefined {
    const place = this.#places.get(key);
    return place === undefined ? undefined : this.#values[place];
  }

  /** Of a key that is here already, the value is replaced and its turn kept. */
  set(key: string, value: V): void {
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.#free.pop() ?? this.#values.length;
      this.#places.set(key, place);
    }
    this.#values[place] = value;
  }

  /** True where it was here. */
  delete(key: string): boolean {
    const place = this.#places.get(key);
    if (place === undefined) return false;
    this.#places.delete(key);
    this.#values[place] = undefined;
    this.#free.push(place);
    return true;
  }

  /** The one that has been here longest. */
  first(): V | undefined {
    for (const place of this.#places.values()) return this.#values[place];
    return undefined;
  }

  /** In the order in which they came. What is deleted meanwhile is left out, what is added comes last. */
  *values(): Generator<V> {
    for (const place of this.#places.values()) yield this.#values[place] as V;
  }
}
