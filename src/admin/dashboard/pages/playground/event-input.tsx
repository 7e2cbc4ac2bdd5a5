/** The event that is tried: a documented sample, a stored event, or what someone pastes; and the mapping's parameters. */
import { Card } from '../../parts/card.tsx';
import { useWords } from '../../show/use-words.ts';
import type { Playground } from './use-playground.ts';

export function EventInput({ playground }: { readonly playground: Playground }) {
  const { t } = useWords();
  const { samples, sample, isStored, payload, detail, params } = playground;
  const isQuery = payload.method === 'GET';
  return (
    <Card
      title={t.playground.event}
      note={playground.request?.source}
      class="playground-event"
      actions={
        <label class="only-label">
          <span class="only-heard">{t.playground.sample}</span>
          <select
            class="input is-small"
            value={sample ?? ''}
            onChange={(event) => playground.chooseSample(event.currentTarget.value)}
          >
            {sample === null && <option value="">{isStored ? t.playground.stored : t.playground.own}</option>}
            {samples.map(({ key }) => (
              <option key={key} value={key}>
                {key}
              </option>
            ))}
          </select>
        </label>
      }
    >
      <div class="card-body event-input">
        <label class="field">
          {isQuery ? t.playground.query : t.playground.body}
          <textarea
            class="input"
            rows={isQuery ? 3 : 20}
            spellcheck={false}
            autocomplete="off"
            value={isQuery ? payload.search : payload.body}
            onInput={({ currentTarget: { value } }) =>
              playground.setPayload(isQuery ? { search: value.trim().replace(/^\?/, '') } : bodyChange(value))
            }
          />
        </label>
        {detail && detail.params.length > 0 && (
          <fieldset class="params">
            <legend>{t.playground.params}</legend>
            {detail.params.map(({ name, about, required, given }) => (
              <label key={name} class="field">
                <span>
                  <code>{name}</code> {about}
                </span>
                <input
                  class="input"
                  value={params[name] ?? ''}
                  placeholder={
                    given ? t.playground.fromConfig : required ? t.playground.required : t.playground.optional
                  }
                  onInput={(event) => playground.setParam(name, event.currentTarget.value)}
                />
              </label>
            ))}
          </fieldset>
        )}
      </div>
    </Card>
  );
}

/** Whoever pastes a body where a sample had none means a POST of JSON. */
function bodyChange(body: string) {
  return { body, method: 'POST', headers: { 'content-type': 'application/json' } };
}
