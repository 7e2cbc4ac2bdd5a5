/** Puts a text into the clipboard and says that it has. */
import { useEffect, useState } from 'preact/hooks';
import { useText } from '../settings.tsx';
import { Icon } from './icon.tsx';

export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const t = useText();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async (): Promise<void> => {
    await navigator.clipboard?.writeText(text);
    setCopied(true);
  };
  return (
    <button type="button" class="icon-button" aria-label={isCopied ? t.copied : label} title={label} onClick={copy}>
      <Icon name={isCopied ? 'check' : 'copy'} size={15} />
    </button>
  );
}
