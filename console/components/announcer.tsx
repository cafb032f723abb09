import { X } from 'lucide-react';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { toProblem } from '../data/problem.ts';

/** Long enough to read a sentence and reach for Undo. */
const SHOWN_MS = 8_000;
const MOST_SHOWN = 4;
const ICON_SIZE = 16;

interface Undo {
  label?: string;
  run: () => unknown;
}

interface Notice {
  id: number;
  text: string;
  kind: 'done' | 'failed';
  undo?: Undo | undefined;
}

interface Announcements {
  /** Says what an action did, and offers to undo it. */
  done(text: string, undo?: Undo): void;
  /** Says why an action failed; stays until it is dismissed. */
  failed(error: unknown): void;
}

const Context = createContext<Announcements | null>(null);

/** Shows notices in a corner and reads them out. */
export function Announcer({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<Notice[]>([]);
  const lastId = useRef(0);
  const dismiss = useCallback(
    (id: number) => setNotices((shown) => shown.filter((notice) => notice.id !== id)),
    [],
  );
  const announcements = useMemo<Announcements>(() => {
    function show(notice: Omit<Notice, 'id'>) {
      const id = (lastId.current += 1);
      setNotices((shown) => [...shown, { ...notice, id }].slice(-MOST_SHOWN));
      return id;
    }
    return {
      done(text, undo) {
        const id = show({ text, kind: 'done', undo });
        window.setTimeout(() => dismiss(id), SHOWN_MS);
      },
      failed(error) {
        show({ text: toProblem(error).message, kind: 'failed' });
      },
    };
  }, [dismiss]);
  return (
    <Context value={announcements}>
      {children}
      <div className="notices" role="log" aria-live="polite" aria-label="Notices">
        {notices.map(({ id, text, kind, undo }) => (
          <div key={id} className={`notice notice-${kind}`}>
            <span>{text}</span>
            {undo !== undefined && (
              <Button
                className="button button-quiet"
                onPress={() => {
                  dismiss(id);
                  undo.run();
                }}
              >
                {undo.label ?? 'Undo'}
              </Button>
            )}
            <Button className="icon-button" aria-label="Dismiss" onPress={() => dismiss(id)}>
              <X aria-hidden size={ICON_SIZE} />
            </Button>
          </div>
        ))}
      </div>
    </Context>
  );
}

export function useAnnouncer(): Announcements {
  const announcements = useContext(Context);
  if (announcements === null) throw new Error('useAnnouncer is called outside Announcer.');
  return announcements;
}
