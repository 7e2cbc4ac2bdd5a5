/** Sends deliveries again, or before their next try, after it has shown what that would send and what would be different. */
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
  /** They wait for a later try, and are to be sent now. */
  readonly early?: boolean;
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
  const [isUnderWay, setUnderWay] = useState(false);
  const { ids, retranslate, early = false } = replay;
  const ask = (dry_run: boolean) =>
    call<ReplayAnswer>('/api/replay', { method: 'POST', body: { ids, retranslate, dry_run } }).catch(
      (caught: unknown) => {
        setError(caught instanceof ApiError ? caught : new ApiError(0, 'DEFECT', String(caught)));
        return undefined;
      },
    );
  // One preview for each replay.
  useEffect(() => {
    void ask(true).then(setAnswer);
  }, [replay]);
  const send = async (): Promise<void> => {
    setSending(true);
    const sent = await ask(false);
    setSending(false);
    if (sent && sent.replayed + sent.hastened === 0) setUnderWay(true);
    else if (sent) done();
  };
  const isFirst = answer?.previews.every(({ before }) => before.length === 0) ?? false;
  const sameText = early ? t.replay.nowText : t.replay.sameText;
  const about = retranslate ? t.replay.anewText : isFirst ? t.replay.firstText : sameText;
  const title = retranslate ? t.replay.anew : early ? t.replay.now : t.replay.same;
  const sendable = answer?.previews.filter(({ nothing }) => nothing === null).length ?? 0;
  return (
    <Dialog title={title} close={close} isWide>
      <p class="dim">{about}</p>
      {error && <Trouble error={error} />}
      {!answer && !error && <Skeleton lines={4} />}
      {answer?.previews.map((preview) => (
        <Preview key={preview.delivery} preview={preview} />
      ))}
      {isUnderWay && <p role="status">{t.replay.underWay}</p>}
      <footer class="dialog-foot">
        <button type="button" class="button" onClick={close}>
          {t.cancel}
        </button>
        <button
          type="button"
          class="button is-main"
          disabled={!answer || isSending || isUnderWay || sendable === 0}
          onClick={send}
        >
          {isSending ? t.replay.sending : t.replay.send(count(ids.length))}
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
