/** The tests beside a mapping: how they go, and a way to make one of what is tried. */
import { useState } from 'preact/hooks';
import type { MappingDetail, SaveTestAnswer, SaveTestRequest, TranslateAnswer } from '../../../api-schema.ts';
import { ApiError, apiPath, call } from '../../api/client.ts';
import { Card } from '../../parts/card.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Trouble } from '../../parts/notice.tsx';
import { useWords } from '../../show/use-words.ts';
import type { Playground } from './use-playground.ts';

export interface MappingTestsProps {
  readonly detail: MappingDetail;
  readonly playground: Playground;
  readonly answer: TranslateAnswer | undefined;
}

export function MappingTests({ detail, playground, answer }: MappingTestsProps) {
  const { t, count } = useWords();
  const { results, problems, file } = detail.tests;
  const passed = results.filter((result) => result.passed).length;
  return (
    <Card title={t.playground.tests} note={t.playground.passed(count(passed), count(results.length))}>
      <div class="card-body tests">
        {problems.map(({ message, code }) => (
          <p key={message} class="is-bad">
            {message} <code>{code}</code>
          </p>
        ))}
        {results.length > 0 && (
          <details>
            <summary>{file.split(/[/\\]/).at(-1)}</summary>
            <ul>
              {results.map(({ name, passed: isGood, message }) => (
                <li key={name} class={isGood ? 'test is-good' : 'test is-bad'}>
                  <Icon name={isGood ? 'check' : 'cross'} size={14} />
                  <span>
                    {name}
                    {message && <small>{message}</small>}
                  </span>
                </li>
              ))}
            </ul>
          </details>
        )}
        <SaveTest playground={playground} detail={detail} canSave={isSettled(answer)} />
      </div>
    </Card>
  );
}

function SaveTest({
  playground,
  detail,
  canSave,
}: {
  playground: Playground;
  detail: MappingDetail;
  canSave: boolean;
}) {
  const { t } = useWords();
  const [name, setName] = useState('');
  const [saved, setSaved] = useState<SaveTestAnswer>();
  const [error, setError] = useState<ApiError>();
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { request } = playground;
    if (!request) return;
    setError(undefined);
    setSaved(undefined);
    try {
      const { from: _from, to: _to, mapping: _mapping, ...tried } = request;
      const body: SaveTestRequest = { name: name.trim(), ...tried };
      setSaved(await call<SaveTestAnswer>(apiPath(['mappings', detail.name, 'tests']), { method: 'POST', body }));
      setName('');
      playground.reload();
    } catch (caught) {
      setError(caught instanceof ApiError ? caught : new ApiError(0, 'DEFECT', String(caught)));
    }
  };
  return (
    <form class="save-test" onSubmit={save}>
      <label class="field">
        {t.playground.saveAs}
        <input
          class="input"
          value={name}
          maxLength={200}
          placeholder={t.playground.saveHint}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button" disabled={name.trim() === '' || !canSave}>
        {t.playground.save}
      </button>
      {error && <Trouble error={error} />}
      {saved && (
        <p class="saved" role="status">
          {t.playground.saved} <code>{saved.file.split(/[/\\]/).at(-1)}</code>
        </p>
      )}
    </form>
  );
}

/** A test holds what comes of an event: requests, a drop, or an error of the mapping. */
function isSettled(answer: TranslateAnswer | undefined): boolean {
  return answer !== undefined && answer.result !== 'not_run' && answer.result !== 'unreadable';
}
