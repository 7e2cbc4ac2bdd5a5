/** How long things took, in few bytes: buckets that grow by a fifth, so that a quantile is right within a tenth. */

export interface Histogram {
  add(ms: number): void;
  /** Milliseconds below which that part (0 to 1) of what was added lies; null where nothing was. */
  quantile(part: number): number | null;
}

const PER_DOUBLING = 4;
/** Up to two days; what takes longer counts as that. */
const BUCKETS = 28 * PER_DOUBLING;

export function createHistogram(): Histogram {
  let counts: Uint32Array | undefined;
  let total = 0;
  return {
    add(ms) {
      counts ??= new Uint32Array(BUCKETS);
      const bucket = Math.min(BUCKETS - 1, Math.floor(Math.log2(Math.max(0, ms) + 1) * PER_DOUBLING));
      counts[bucket] = (counts[bucket] ?? 0) + 1;
      total++;
    },
    quantile(part) {
      if (!counts || total === 0) return null;
      let seen = 0;
      for (const [bucket, count] of counts.entries()) {
        seen += count;
        if (seen >= part * total) return middleOf(bucket);
      }
      return middleOf(BUCKETS - 1);
    },
  };
}

function middleOf(bucket: number): number {
  const ms = 2 ** ((bucket + 0.5) / PER_DOUBLING) - 1;
  return ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms);
}
