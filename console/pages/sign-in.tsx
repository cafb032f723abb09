import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { toProblem } from '../data/problem.ts';
import { type Proof, SESSION_KEY, signIn } from '../data/session.ts';
import { Progress } from '../components/progress.tsx';

const TOKEN = /^#token=(.+)$/;

/** The token of a sign-in link, which leaves the address bar and the history at once. */
function takeToken(): string | null {
  const token = TOKEN.exec(window.location.hash)?.[1] ?? null;
  if (token !== null) window.history.replaceState(window.history.state, '', window.location.pathname);
  return token;
}

export function SignInPage() {
  const { to = '/' } = useSearch({ from: '/sign-in' });
  const navigate = useNavigate();
  const client = useQueryClient();
  const [key, setKey] = useState('');
  const hasTakenToken = useRef(false);
  const enter = useMutation({
    mutationFn: (proof: Proof) => signIn(proof),
    onSuccess: (session) => {
      client.clear();
      client.setQueryData(SESSION_KEY, session);
      return navigate({ to, replace: true });
    },
  });

  useEffect(() => {
    document.title = 'Sign in · Almanac';
    // A token works once, and effects run twice in development.
    if (hasTakenToken.current) return;
    hasTakenToken.current = true;
    const signInToken = takeToken();
    if (signInToken !== null) enter.mutate({ signInToken });
  }, [enter]);

  function submit(event: FormEvent) {
    event.preventDefault();
    enter.mutate({ key: key.trim() });
  }

  return (
    <main className="sign-in">
      <form onSubmit={submit} className="section">
        <h1>
          <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" width={28} height={28} />
          Almanac
        </h1>
        <label htmlFor="key">API key, or the admin secret</label>
        <input
          id="key"
          type="password"
          autoComplete="current-password"
          required
          value={key}
          aria-invalid={enter.isError}
          aria-describedby="sign-in-said"
          onChange={(event) => setKey(event.target.value)}
        />
        <div id="sign-in-said" role="alert">
          {enter.isError && <p className="failed">{toProblem(enter.error).message}</p>}
        </div>
        {enter.isPending ? (
          <Progress label="Signing in" />
        ) : (
          <Button type="submit" className="button button-primary">
            Sign in
          </Button>
        )}
        <p className="quiet">
          A key shows what it may read: an admin’s all workspaces, a workspace’s key that workspace. For a
          link that signs in once, run <code>almanac console</code>.
        </p>
      </form>
    </main>
  );
}
