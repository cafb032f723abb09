import { useQueryClient } from '@tanstack/react-query';
import { LogOut, Moon, Sun } from 'lucide-react';
import { Button } from 'react-aria-components/Button';
import { SESSION_KEY, onlyWorkspace, type Session, signOut } from '../data/session.ts';
import { useAction } from '../components/use-action.ts';
import { chooseColorScheme, useColorScheme } from './color-scheme.ts';

const ICON_SIZE = 18;

export function SessionMenu({ session }: { session: Session }) {
  const client = useQueryClient();
  const scheme = useColorScheme();
  const leave = useAction({ run: signOut, said: () => 'You are signed out.' });
  const other = scheme === 'dark' ? 'light' : 'dark';
  return (
    <div className="session">
      <span className="quiet session-scope">{onlyWorkspace(session) ?? 'all workspaces'}</span>
      <Button
        className="icon-button"
        aria-label={`Use ${other} colours`}
        onPress={() => chooseColorScheme(other)}
      >
        {scheme === 'dark' ? <Sun aria-hidden size={ICON_SIZE} /> : <Moon aria-hidden size={ICON_SIZE} />}
      </Button>
      <Button
        className="icon-button"
        aria-label="Sign out"
        onPress={() =>
          leave.mutate(undefined, {
            onSuccess: () => {
              client.setQueryData(SESSION_KEY, null);
              client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
            },
          })
        }
      >
        <LogOut aria-hidden size={ICON_SIZE} />
      </Button>
    </div>
  );
}
