/** Every rule with the condition that decided, by today's configuration. */
import type { Condition, ExplainedRule, Explanation, Place } from '../../../api-schema.ts';
import { Card } from '../../parts/card.tsx';
import { Icon, type IconName } from '../../parts/icon.tsx';
import { Empty } from '../../parts/notice.tsx';
import { useWords } from '../../show/use-words.ts';

export function Rules({ explanation }: { readonly explanation: Explanation }) {
  const { t } = useWords();
  const { rules, unreadable } = explanation;
  const ordered = rules.toSorted((a, b) => rank(a) - rank(b));
  return (
    <Card title={t.event.rules} note={t.event.rulesNote}>
      {rules.length === 0 && <Empty title={t.event.noRules}>{unreadable}</Empty>}
      <ul class="rules">
        {ordered.map((rule) => (
          <Rule key={rule.rule} rule={rule} />
        ))}
      </ul>
    </Card>
  );
}

const RANKS: Readonly<Record<ExplainedRule['why'], number>> = {
  failed: 0,
  matched: 1,
  condition: 2,
  other_type: 3,
  other_source: 4,
  disabled: 5,
};

function rank({ why }: ExplainedRule): number {
  return RANKS[why];
}

function Rule({ rule: { rule, why, message, conditions, decided_by } }: { readonly rule: ExplainedRule }) {
  const { t } = useWords();
  const icon: IconName = why === 'matched' ? 'check' : why === 'failed' ? 'alert' : 'dash';
  return (
    <li class={`rule is-${why}`}>
      <span class="rule-mark">
        <Icon name={icon} size={16} />
      </span>
      <div class="rule-text">
        <p>
          <b>{rule}</b> <span class="rule-why">{t.event.why[why]}</span>
        </p>
        {why !== 'matched' && <p class="rule-message">{message}</p>}
        {conditions.length > 0 && (
          <ul class="conditions" aria-label={t.event.conditions}>
            {conditions.map((condition, index) => (
              <ConditionLine key={index} condition={condition} isDecisive={isSame(condition, decided_by)} />
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}

export function ConditionLine({ condition, isDecisive }: { condition: Condition; isDecisive: boolean }) {
  const { t } = useWords();
  const { operator, operands, result, truthy, error, depth, at } = condition;
  return (
    <li class={isDecisive ? 'condition is-decisive' : 'condition'} style={{ '--depth': depth }}>
      <span class={truthy ? 'condition-mark is-true' : 'condition-mark'}>
        <Icon name={truthy ? 'check' : 'cross'} size={12} />
        <span class="only-heard">{error ?? result}</span>
      </span>
      <span class="condition-text">
        <b>{operator === 'var' ? '' : operator}</b>
        {operands.map(({ path, value }, index) => (
          <span key={index} class="operand">
            {path && <span class="operand-path">{path}</span>}
            {path && value !== null && ' = '}
            {value !== null && <span class="operand-value">{value}</span>}
            {path === null && value === null && '…'}
          </span>
        ))}
        {error && <span class="is-bad"> {error}</span>}
        {isDecisive && <span class="decisive">{t.event.decided}</span>}
      </span>
      {at && <span class="condition-at">{placeText(at)}</span>}
    </li>
  );
}

function isSame(condition: Condition, other: Condition | null): boolean {
  return other !== null && JSON.stringify(condition) === JSON.stringify(other);
}

function placeText({ file, line, column }: Place): string {
  return `${file.split(/[/\\]/).at(-1)}:${line}:${column}`;
}
