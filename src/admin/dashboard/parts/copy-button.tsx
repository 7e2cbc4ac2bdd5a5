/** Puts a text into the clipboard and says whether it has. */
import { useEffect, useState } from 'preact/hooks';
import { useText } from '../settings.tsx';
import { copyText } from './copy-text.ts';
import { Icon } from './icon.tsx';

export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const t = useText();
  const [result, setResult] = useState<'copied' | 'failed' | null>(null);
  useEffect(() => {
    if (result === null) return;
    const timer = setTimeout(() => setResult(null), 1500);
    return () => clearTimeout(timer);
  }, [result]);
  const copy = async (): Promise<void> => setResult((await copyText(text)) ? 'copied' : 'failed');
  const said = result === null ? label : result === 'copied' ? t.copied : t.notCopied;
  return (
    <button type="button" class="icon-button" aria-label={said} title={said} onClick={copy}>
      <Icon name={result === null ? 'copy' : result === 'copied' ? 'check' : 'cross'} size={15} />
    </button>
  );
}
