/** What `?` shows: every key that does something. */
import { useText } from '../settings.tsx';
import { Dialog } from './dialog.tsx';

const KEYS = [
  ['goOverview', ['g', 'o']],
  ['goEvents', ['g', 'e']],
  ['goTargets', ['g', 't']],
  ['goPlayground', ['g', 'p']],
  ['goInspector', ['g', 'i']],
  ['search', ['/']],
  ['next', ['j']],
  ['previous', ['k']],
  ['open', ['Enter']],
  ['back', ['u']],
  ['fields', ['↑', '↓']],
  ['theme', ['t']],
  ['language', ['l']],
  ['help', ['?']],
] as const;

export function ShortcutHelp({ close }: { readonly close: () => void }) {
  const t = useText();
  return (
    <Dialog title={t.shortcuts.title} close={close}>
      <dl class="keys">
        {KEYS.map(([name, keys]) => (
          <div key={name} class="keys-row">
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t.shortcuts[name]}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
