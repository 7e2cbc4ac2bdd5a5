/** Lets the first events be answered before their deliveries begin: the first one dials, and for TLS it loads the HTTP client. */

/** Puts off the first calls to the next turn of the event loop, in their order; from then on calls go straight through. */
export function answersFirst<Given extends readonly unknown[]>(
  dispatch: (...given: Given) => void,
): (...given: Given) => void {
  let early: Given[] | undefined = [];
  const begin = (): void => {
    const waiting = early ?? [];
    early = undefined;
    for (const given of waiting) dispatch(...given);
  };
  return (...given) => {
    if (!early) return dispatch(...given);
    if (early.push(given) === 1) setImmediate(begin);
  };
}
