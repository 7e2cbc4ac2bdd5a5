/** Makes something once for each name, or for each pair of names: joining the two to one key would cost more than looking for both. */

/** Once there are `most` names, all is forgotten and made again when it is asked for. */
export function once<T>(make: (name: string) => T, most = Number.POSITIVE_INFINITY): (name: string) => T {
  const made = new Map<string, T>();
  return (name) => {
    let one = made.get(name);
    if (one === undefined) {
      if (made.size >= most) made.clear();
      one = make(name);
      made.set(name, one);
    }
    return one;
  };
}

/** Once there are `most` first names, all is forgotten and made again when it is asked for. */
export function oncePerPair<T>(
  make: (first: string, second: string) => T,
  most?: number,
): (first: string, second: string) => T {
  const bySecond = once((first) => once((second) => make(first, second)), most);
  return (first, second) => bySecond(first)(second);
}
