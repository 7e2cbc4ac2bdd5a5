/** Whether the page is seen: false in a tab behind another one. */
import { useEffect, useState } from 'preact/hooks';

export function useSeen(): boolean {
  const [isSeen, setSeen] = useState(!document.hidden);
  useEffect(() => {
    const follow = (): void => setSeen(!document.hidden);
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => document.removeEventListener('visibilitychange', follow);
  }, []);
  return isSeen;
}
