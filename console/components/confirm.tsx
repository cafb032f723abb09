import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';

interface ConfirmProps {
  /** The button that opens the dialog. */
  children: ReactNode;
  title: string;
  /** What will happen, and what cannot be undone. */
  body: ReactNode;
  /** The verb of the action. */
  confirm: string;
  onConfirm: () => unknown;
}

/** Asks before an action that cannot be undone. Actions that can be undone are not asked about. */
export function Confirm({ children, title, body, confirm, onConfirm }: ConfirmProps) {
  return (
    <DialogTrigger>
      {children}
      <ModalOverlay className="overlay" isDismissable>
        <Modal className="modal">
          <Dialog role="alertdialog">
            {({ close }) => (
              <>
                <Heading slot="title">{title}</Heading>
                <div>{body}</div>
                <div className="actions">
                  <Button className="button" onPress={close}>
                    Cancel
                  </Button>
                  <Button
                    className="button button-danger"
                    onPress={() => {
                      close();
                      onConfirm();
                    }}
                  >
                    {confirm}
                  </Button>
                </div>
              </>
            )}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}
