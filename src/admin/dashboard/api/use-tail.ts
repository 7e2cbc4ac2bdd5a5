/** What happens at this moment, over server-sent events; the browser connects again by itself. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { TailDelivery, TailEvent } from '../../api-schema.ts';
import { parseExact } from '../show/exact-json.ts';
import { useSeen } from '../show/use-seen.ts';

export interface TailReader {
  accepted?(event: TailEvent): void;
  settled?(delivery: TailDelivery): void;
  /** What is shown may be behind: the line has just been opened, or so much happened that some was left out. */
  missed?(): void;
}

/**
 * Follows the tail while `on` and seen; tells whether the line stands. A browser opens six connections to a host, for all of its tabs together:
 * one that nobody sees gives its own back.
 */
export function useTail(reader: TailReader, on = true): boolean {
  const [isOpen, setOpen] = useState(false);
  const isSeen = useSeen();
  const latest = useRef(reader);
  latest.current = reader;
  useEffect(() => {
    if (!on || !isSeen) return;
    const source = new EventSource('/api/tail');
    source.onopen = () => {
      setOpen(true);
      latest.current.missed?.();
    };
    source.onerror = () => setOpen(false);
    source.addEventListener('accepted', ({ data }) => latest.current.accepted?.(parseExact(data) as TailEvent));
    source.addEventListener('settled', ({ data }) => latest.current.settled?.(parseExact(data) as TailDelivery));
    source.addEventListener('missed', () => latest.current.missed?.());
    return () => {
      source.close();
      setOpen(false);
    };
  }, [on, isSeen]);
  return isOpen;
}
