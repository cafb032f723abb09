import { Button } from 'react-aria-components/Button';
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { useAnnouncer } from './announcer.tsx';

interface SecretShownOnceProps {
  title: string;
  /** Null: nothing is shown. */
  secret: string | null;
  close: () => void;
}

/** A secret that Almanac does not show again. */
export function SecretShownOnce({ title, secret, close }: SecretShownOnceProps) {
  const { done, failed } = useAnnouncer();
  async function copy() {
    try {
      await navigator.clipboard.writeText(secret ?? '');
      done('The secret is copied.');
    } catch (error) {
      failed(error);
    }
  }
  return (
    <ModalOverlay className="overlay" isOpen={secret !== null} onOpenChange={(isOpen) => isOpen || close()}>
      <Modal className="modal">
        <Dialog>
          <Heading slot="title">{title}</Heading>
          <p>Store it now: it is not shown again.</p>
          <code className="secret">{secret}</code>
          <div className="actions">
            <Button className="button" onPress={() => void copy()}>
              Copy
            </Button>
            <Button className="button button-primary" onPress={close}>
              It is stored
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
