/** Makes something once for each name or pair of names. Joining the two to one key would cost more than looking for both. */

/** Once there are `most` first names, all is forgotten and made again when it is asked for. */
export function oncePerPair<T>(
  make: (first: string, second: string) => T,
  most = Number.POSITIVE_INFINITY,
): (first: string, second?: string) => T {
  const made = new Map<string, Map<string, T>>();
  return (first, second = '') => {
    let bySecond = made.get(first);
    if (!bySecond) {
      if (made.size >= most) made.clear();
      bySecond = new Map();
      made.set(first, bySecond);
    }
    let one = bySecond.get(second);
    if (one === undefined) {
      one = make(first, second);
      bySecond.set(second, one);
    }
    return one;
  };
}
