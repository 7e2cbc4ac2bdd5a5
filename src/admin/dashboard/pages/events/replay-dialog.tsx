/** Sends deliveries again, after it has shown what that would send and what would be different. */
import { useEffect, useState } from 'preact/hooks';
import type { ReplayAnswer, ReplayPreview } from '../../../api-schema.ts';
import { ApiError, call } from '../../api/client.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Skeleton, Trouble } from '../../parts/notice.tsx';
import { useWords } from '../../show/use-words.ts';

export interface Replay {
  /** Of deliveries. */
  readonly ids: readonly string[];
  /** Translate anew instead of sending the same bytes. */
  readonly retranslate: boolean;
}

export interface ReplayDialogProps {
  readonly replay: Replay;
  readonly close: () => void;
  readonly done: () => void;
}

export function ReplayDialog({ replay, close, done }: ReplayDialogProps) {
  const { t, count } = useWords();
  const [answer, setAnswer] = useState<ReplayAnswer>();
  const [error, setError] = useState<ApiError>();
  const [isSending, setSending] = useState(false);
  const ask = (dry_run: boolean) =>
    call<ReplayAnswer>('/api/replay', { method: 'POST', body: { ...replay, dry_run } }).catch((caught: unknown) => {
      setError(caught instanceof ApiError ? caught : new ApiError(0, 'DEFECT', String(caught)));
      return undefined;
    });
  // One preview for each replay.
  useEffect(() => {
    void ask(true).then(setAnswer);
  }, [replay]);
  const send = async (): Promise<void> => {
    setSending(true);
    const sent = await ask(false);
    setSending(false);
    if (sent) done();
  };
  const isFirst = answer?.previews.every(({ before }) => before.length === 0) ?? false;
  const about = replay.retranslate ? t.replay.anewText : isFirst ? t.replay.firstText : t.replay.sameText;
  const sendable = answer?.previews.filter(({ nothing }) => nothing === null).length ?? 0;
  return (
    <Dialog title={replay.retranslate ? t.replay.anew : t.replay.same} close={close} isWide>
      <p class="dim">{about}</p>
      {error && <Trouble error={error} />}
      {!answer && !error && <Skeleton lines={4} />}
      {answer?.previews.map((preview) => (
        <Preview key={preview.delivery} preview={preview} />
      ))}
      <footer class="dialog-foot">
        <button type="button" class="button" onClick={close}>
          {t.cancel}
        </button>
        <button type="button" class="button is-main" disabled={!answer || isSending || sendable === 0} onClick={send}>
          {isSending ? t.replay.sending : t.replay.send(count(replay.ids.length))}
        </button>
      </footer>
    </Dialog>
  );
}

function Preview({ preview }: { readonly preview: ReplayPreview }) {
  const { t, count } = useWords();
  const { target, nothing, differences, after } = preview;
  return (
    <section class="preview" aria-label={target}>
      <h3>
        → {target} <span class="dim">{t.replay.requests(count(after.length))}</span>
      </h3>
      {nothing !== null && <p class="is-bad">{nothing}</p>}
      {nothing === null && differences.length === 0 && <p class="dim">{t.replay.noDifference}</p>}
      {differences.length > 0 && (
        <div class="table-frame">
          <table class="differences">
            <thead>
              <tr>
                <th scope="col">{t.replay.field}</th>
                <th scope="col">{t.replay.before}</th>
                <th scope="col">{t.replay.after}</th>
              </tr>
            </thead>
            <tbody>
              {differences.map(({ path, before, after: now }) => (
                <tr key={path}>
                  <th scope="row">{path || '·'}</th>
                  <td class="is-before">{before ?? '–'}</td>
                  <td class="is-after">{now ?? '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
