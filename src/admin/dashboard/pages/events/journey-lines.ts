/** The ways that an event took or would take: each rule and target with its delivery and today's translation. */
import type { DeliveryDetail, EventDetail, Translation } from '../../../api-schema.ts';

export interface JourneyLine {
  readonly key: string;
  readonly rule: string;
  readonly target: string;
  readonly mapping: string | null;
  /** Null where today's rules would make one that was not made then. */
  readonly delivery: DeliveryDetail | null;
  /** Null where the body is forwarded, or today's rules do not lead there any more. */
  readonly translation: Translation | null;
}

export function journeyLines({ deliveries, explanation }: EventDetail): JourneyLine[] {
  const today = explanation.rules.flatMap(({ rule, lines }) => lines.map((line) => ({ rule, ...line })));
  const made = deliveries.map((delivery) => {
    const line = today.find(({ rule, target }) => rule === delivery.rule && isTarget(target, delivery.target));
    return {
      key: delivery.id,
      rule: delivery.rule,
      target: delivery.target,
      mapping: delivery.mapping,
      delivery,
      translation: line?.translation ?? null,
    };
  });
  const unmade = today
    .filter(({ rule, target }) => !made.some((line) => line.rule === rule && isTarget(target, line.target)))
    .map(({ rule, target, mapping, translation }) => ({
      key: `${rule} ${target}`,
      rule,
      target,
      mapping,
      delivery: null,
      translation,
    }));
  return [...made, ...unmade];
}

/** The group of subscribers stands for each of them. */
function isTarget(named: string, reached: string): boolean {
  return named === reached || named === 'subscribers';
}
