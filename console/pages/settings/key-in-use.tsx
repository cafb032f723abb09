import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Section } from '../../components/page.tsx';
import { SecretShownOnce } from '../../components/secret-shown-once.tsx';
import { Loaded } from '../../components/states.tsx';
import { Ago } from '../../components/time.tsx';
import { useAction } from '../../components/use-action.ts';
import { api, unwrap } from '../../data/client.ts';
import { onlyWorkspace, type Session } from '../../data/session.ts';
import { meQuery } from '../../data/settings.ts';

/** The key that this session came from. */
export function KeyInUse({ session }: { session: Session }) {
  const me = useQuery(meQuery);
  return (
    <Section title="Key in use" actions={session.scope === 'admin' && <SignInLink />}>
      <Loaded query={me} rows={2}>
        {({ keyId }) => (
          <dl className="facts facts-compact">
            <div>
              <dt>this session came from</dt>
              <dd>
                <code>{keyId}</code>
              </dd>
            </div>
            <div>
              <dt>it shows</dt>
              <dd>{onlyWorkspace(session) ?? 'all workspaces'}</dd>
            </div>
            <div>
              <dt>it ends</dt>
              <dd>
                <Ago at={session.expiresAt} />, or when it is idle for two hours
              </dd>
            </div>
          </dl>
        )}
      </Loaded>
    </Section>
  );
}

/** A link for another browser. */
function SignInLink() {
  const [url, setUrl] = useState<string | null>(null);
  const create = useAction({
    run: () => unwrap(api.POST('/api/v1/session/sign-in-tokens')),
    said: () => 'The link signs one browser in, once, within ten minutes.',
  });
  return (
    <>
      <Button
        className="button"
        isDisabled={create.isPending}
        onPress={() => create.mutate(undefined, { onSuccess: (link) => setUrl(link.url) })}
      >
        Link to sign in
      </Button>
      <SecretShownOnce title="Link to sign in" secret={url} close={() => setUrl(null)} />
    </>
  );
}
