/** A place to try a mapping: an event on the left, the mapping in the middle, the requests that it would send on the right. */
import type { Place } from '../../location.ts';
import { Card } from '../../parts/card.tsx';
import { Skeleton, Trouble } from '../../parts/notice.tsx';
import { useWords } from '../../show/use-words.ts';
import '../../styles/playground.css';
import { EventInput } from './event-input.tsx';
import { MappingEditor } from './mapping-editor.tsx';
import { MappingTests } from './mapping-tests.tsx';
import { ProblemList } from './problem-list.tsx';
import { ResultColumn } from './result-column.tsx';
import { usePlayground } from './use-playground.ts';
import { useTranslation } from './use-translation.ts';

export function PlaygroundPage({ place }: { readonly place: Place }) {
  const { t } = useWords();
  const playground = usePlayground(place.query);
  const { mappings, mapping, text, detail } = playground;
  const translation = useTranslation(playground.request);
  const problems = translation.answer?.problems ?? [];
  const isChanged = detail !== undefined && text !== detail.text;
  return (
    <div class="page">
      <header class="page-head">
        <h1>{t.pages.playground}</h1>
        <p class="dim">{t.playground.about}</p>
      </header>
      {playground.error && <Trouble error={playground.error} />}
      {!mappings && !playground.error && (
        <div class="card">
          <Skeleton lines={12} />
        </div>
      )}
      {mappings && (
        <div class="playground">
          <EventInput playground={playground} />
          <Card
            title={t.playground.mapping}
            class="playground-mapping"
            actions={
              <>
                {isChanged && (
                  <button type="button" class="button is-small" onClick={playground.restore}>
                    {t.playground.restore}
                  </button>
                )}
                <label class="only-label">
                  <span class="only-heard">{t.playground.mapping}</span>
                  <select
                    class="input is-small"
                    value={mapping ?? ''}
                    onChange={(event) => playground.choose(event.currentTarget.value)}
                  >
                    {mappings.map(({ name }) => (
                      <option key={name} value={name}>
                        {name}
                      </option>
                    ))}
                  </select>
                </label>
              </>
            }
          >
            {detail ? (
              <MappingEditor
                key={`${mapping} ${playground.revision}`}
                initial={text}
                change={playground.setText}
                problems={problems}
                label={t.playground.mapping}
              />
            ) : (
              <Skeleton lines={14} />
            )}
            <ProblemList problems={problems} isChecked={translation.answer !== undefined} />
          </Card>
          <ResultColumn translation={translation} />
        </div>
      )}
      {detail && <MappingTests detail={detail} playground={playground} answer={translation.answer} />}
    </div>
  );
}
