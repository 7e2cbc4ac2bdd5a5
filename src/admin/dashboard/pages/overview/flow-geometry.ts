/** The lines of the flow picture: where they run, how thick they are, and which of them belong to a place. */
import type { Flow } from '../../../api-schema.ts';

export type Link = Flow['links'][number];

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Ends of a line by node key: `right` is where lines leave it, `left` where they arrive. */
export interface Anchors {
  readonly left: Point;
  readonly right: Point;
}

export interface DrawnLink {
  readonly key: string;
  readonly link: Link;
  readonly path: string;
  /** In pixels. */
  readonly width: number;
  readonly tone: 'idle' | 'flowing' | 'failing';
}

const THINNEST = 1.5;
const THICKEST = 11;

/** A line's thickness grows with the root of its traffic, so that a small one is seen beside a large one. */
export function drawLinks(links: readonly Link[], anchors: ReadonlyMap<string, Anchors>): DrawnLink[] {
  const most = Math.max(...links.map(({ events }) => events), 1);
  return links.flatMap((link) => {
    const from = anchors.get(link.from)?.right;
    const to = anchors.get(link.to)?.left;
    if (!from || !to) return [];
    const share = Math.sqrt(link.events / most);
    const tone = link.failed > 0 ? 'failing' : link.events > 0 ? 'flowing' : 'idle';
    const width = tone === 'idle' ? 1 : THINNEST + share * (THICKEST - THINNEST);
    return [{ key: `${link.from}>${link.to}`, link, path: curve(from, to), width, tone }];
  });
}

/** Every node that a place gets from or gives to, itself included; through a rule to both sides. */
export function connectedTo(place: string, links: readonly Link[]): ReadonlySet<string> {
  const found = new Set([place]);
  const follow = (here: string, from: 'from' | 'to', to: 'from' | 'to'): void => {
    for (const link of links) {
      if (link[from] !== here || found.has(link[to])) continue;
      found.add(link[to]);
      follow(link[to], from, to);
    }
  };
  follow(place, 'from', 'to');
  follow(place, 'to', 'from');
  return found;
}

function curve(from: Point, to: Point): string {
  const bend = (to.x - from.x) / 2;
  return `M${from.x} ${from.y}C${from.x + bend} ${from.y} ${to.x - bend} ${to.y} ${to.x} ${to.y}`;
}
