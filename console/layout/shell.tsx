import { Outlet, useNavigate } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { Menu } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { sessionQuery } from '../data/session.ts';
import { Navigation } from './navigation.tsx';
import { SessionMenu } from './session-menu.tsx';
import { Shortcuts } from './shortcuts.tsx';

const ICON_SIZE = 20;

/** What surrounds each page of a signed-in reader. */
export function Shell() {
  const { data: session } = useQuery(sessionQuery);
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);

  useEffect(() => {
    if (session === null) void navigate({ to: '/sign-in', search: {} });
  }, [session, navigate]);
  if (!session) return null;
  return (
    <div className="shell">
      <a className="skip-link" href="#page">
        Skip to the page
      </a>
      <header className="bar">
        <Button
          className="icon-button bar-menu"
          aria-label="Navigation"
          aria-expanded={isOpen}
          onPress={() => setOpen(!isOpen)}
        >
          <Menu aria-hidden size={ICON_SIZE} />
        </Button>
        <span className="brand">
          <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" width={20} height={20} />
          Almanac
        </span>
        <SessionMenu session={session} />
      </header>
      <Navigation session={session} isOpen={isOpen} close={() => setOpen(false)} />
      <main id="page" className="main" tabIndex={-1}>
        <Outlet />
      </main>
      <Shortcuts session={session} />
    </div>
  );
}
