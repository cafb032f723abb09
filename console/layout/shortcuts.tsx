import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import type { Session } from '../data/session.ts';
import { chooseColorScheme } from './color-scheme.ts';
import { INSTALLATION_PAGES } from './navigation.tsx';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;

/** Keys that work on every page, and the dialog that lists them. */
export function Shortcuts({ session }: { session: Session }) {
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  const pages = session.scope === 'admin' ? INSTALLATION_PAGES : [];

  useEffect(() => {
    function press(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const page = INSTALLATION_PAGES[Number(event.key) - 1];
      if (event.key === '?') setOpen(true);
      else if (event.key === 'd')
        chooseColorScheme(document.documentElement.dataset.colorScheme === 'dark' ? 'light' : 'dark');
      else if (event.key === '/') document.querySelector<HTMLElement>('main input[type=search]')?.focus();
      else if (page !== undefined && session.scope === 'admin') void navigate(page.link);
      else return;
      event.preventDefault();
    }
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [navigate, session]);

  return (
    <ModalOverlay className="overlay" isDismissable isOpen={isOpen} onOpenChange={setOpen}>
      <Modal className="modal">
        <Dialog>
          <Heading slot="title">Keys</Heading>
          <dl className="keys">
            {pages.map(({ title }, index) => (
              <Key key={title} name={String(index + 1)} does={title} />
            ))}
            <Key name="/" does="Search" />
            <Key name="d" does="Light or dark colours" />
            <Key name="?" does="This list" />
          </dl>
          <div className="actions">
            <Button className="button" onPress={() => setOpen(false)}>
              Close
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Key({ name, does }: { name: string; does: string }) {
  return (
    <div>
      <dt>
        <kbd>{name}</kbd>
      </dt>
      <dd>{does}</dd>
    </div>
  );
}
