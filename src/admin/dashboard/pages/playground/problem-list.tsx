/** The problems of a mapping in words; each leads to its place in the editor. */
import type { Problem } from '../../../api-schema.ts';
import { Icon } from '../../parts/icon.tsx';
import { useWords } from '../../show/use-words.ts';
import { GO_TO_LINE } from './mapping-editor.tsx';

export interface ProblemListProps {
  readonly problems: readonly Problem[];
  readonly isChecked: boolean;
}

export function ProblemList({ problems, isChecked }: ProblemListProps) {
  const { t, count } = useWords();
  if (problems.length === 0)
    return (
      <p class="problems-none" role="status">
        {isChecked && (
          <>
            <Icon name="check" size={14} />
            {t.playground.noProblems}
          </>
        )}
      </p>
    );
  return (
    <div class="problems" role="status">
      <p class="only-heard">{t.playground.problems(count(problems.length))}</p>
      <ul>
        {problems.map(({ at, code, message, try: advice }) => (
          <li key={`${at?.line} ${at?.column} ${code} ${message}`} class="problem">
            <button type="button" class="problem-at" onClick={(event) => jump(event.currentTarget, at)}>
              {at ? `${at.line}:${at.column}` : '–'}
            </button>
            <p>
              {message} <code>{code}</code>
              {advice && (
                <span class="problem-try">
                  {t.playground.try} {advice}
                </span>
              )}
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}

function jump(from: HTMLElement, at: Problem['at']): void {
  if (!at) return;
  const editor = from.closest('.playground')?.querySelector('[data-editor]');
  editor?.dispatchEvent(new CustomEvent(GO_TO_LINE, { detail: at }));
}
