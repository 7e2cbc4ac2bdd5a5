/** What a mapping made of an event: each field with what it read and what was done to it. */
import { Fragment } from 'preact';
import { useContext } from 'preact/hooks';
import type { Emission, EventDetail, TracedField } from '../../../api-schema.ts';
import { hrefOf } from '../../location.ts';
import { useWords } from '../../show/use-words.ts';
import { fieldKey } from './field-links.ts';
import type { JourneyLine } from './journey-lines.ts';
import { LinkedRow, LinkingContext } from './linked-lines.tsx';

export interface TranslatedFieldsProps {
  readonly event: EventDetail['event'];
  readonly line: JourneyLine | undefined;
}

export function TranslatedFields({ event, line }: TranslatedFieldsProps) {
  const { t } = useWords();
  if (!line) return <p class="column-text">{t.event.noRule}</p>;
  const { translation, mapping, target } = line;
  if (mapping === null) return <p class="column-text">{t.event.forwarded}</p>;
  if (!translation) return <p class="column-text">{t.event.noTranslation}</p>;
  return (
    <>
      {translation.reason && (
        <p class={translation.result === 'failed' ? 'column-text is-bad' : 'column-text'}>
          {translation.result === 'dropped' && `${t.states.dropped}: `}
          {translation.reason.message} {translation.result === 'failed' && <code>{translation.reason.code}</code>}
        </p>
      )}
      {translation.emissions.map((emission, index) => (
        <EmissionFields key={index} emission={emission} index={index} />
      ))}
      <p class="column-foot">
        <a href={hrefOf('playground', null, { mapping, event: event.id, source: event.source, target })}>
          {t.event.tryMapping}
        </a>
      </p>
    </>
  );
}

export function EmissionFields({ emission, index }: { readonly emission: Emission; readonly index: number }) {
  const { t } = useWords();
  const { emit, at, when, fields } = emission;
  const isSkipped = when?.held === false;
  return (
    <div class="emission">
      <p class="request-line">
        <b>{emit ?? t.states.dropped}</b> <span class="dim">{`${fileName(at.file)}:${at.line}`}</span>
        {isSkipped && <span class="dim"> · {t.event.conditionFalse}</span>}
      </p>
      {fields.map((field, at) => (
        <Field key={field.field} field={field} lineKey={fieldKey(index, at)} />
      ))}
    </div>
  );
}

function Field({ field, lineKey }: { readonly field: TracedField; readonly lineKey: string }) {
  const { t } = useWords();
  const { links } = useContext(LinkingContext);
  return (
    <LinkedRow lineKey={lineKey} isLinked={links.isLinked(lineKey)}>
      <span class="made-name">{field.field.replace(/^data\./, '')}</span>
      <span class={field.value === null ? 'made-value dim' : 'made-value'}>{field.value ?? t.event.leftOut}</span>
      <span class="made-from">
        {field.inputs.length + field.tables.length === 0 && t.event.constant}
        {field.inputs.map(({ path, value }, index) => (
          <Fragment key={path}>
            {index > 0 && ', '}
            <span class={value === null ? 'made-input is-missing' : 'made-input'} title={value ?? t.event.missing}>
              {path}
            </span>
          </Fragment>
        ))}
        {field.operators.map(({ name, args }, index) => (
          <span key={index} class="made-operator">
            {' | '}
            {[name, ...args].join(' ')}
          </span>
        ))}
        {field.tables.map(({ name, column, found }) => (
          <span key={name} class="made-operator">
            {' '}
            {(found ? t.event.inTable : t.event.notInTable)(column === null ? name : `${name}.${column}`)}
          </span>
        ))}
        {field.defaulted && <span class="made-default"> {t.event.byDefault}</span>}
      </span>
    </LinkedRow>
  );
}

function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}
