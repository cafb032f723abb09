import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import {
  INSTALLATION_NOTICES,
  type NoticeKind,
  type NotifierKind,
  WORKSPACE_NOTICES,
} from '../../contracts/notices.ts';
import { Quota } from '../../contracts/quotas.ts';
import { RemedyAction } from '../../contracts/remedies.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import type { Notifier } from '../../prisma/generated/client.ts';
import { InvalidInputError, NotConfiguredError, NotFoundError, NotInWorkspaceError } from '../errors.ts';
import type { TokenCipher } from '../google/token-cipher.ts';
import { parseInput } from '../input.ts';
import { lockWorkspace } from '../planning/lock-workspace.ts';
import { requireRoom } from '../quota.ts';
import { requireWorkspace } from '../workspaces.ts';
import { allowedAddresses } from './allowed-addresses.ts';
import { issueCode, sendCode } from './confirmation-code.ts';
import {
  type createdNotifierSchema,
  newNotifier,
  notifierChanges,
  notifierIdSchema,
  type NotifierSummary,
} from './notifier-fields.ts';
import { guardOf, type Receiver, type Sending } from './send-message.ts';
import { createSigningSecret } from './standard-webhooks.ts';

/** Key of the advisory lock under which the installation's notifiers are counted; unused elsewhere. */
const INSTALLATION_LOCK = 7_203_382;

/** Workspace of a notifier. Null: the installation. */
export type NotifierScope = string | null;

export interface NotifierContext {
  database: Database;
  tokenCipher: TokenCipher;
  sending: Sending;
}

/** Runs `change` while no other notifier of the scope is created. */
async function lockScope<T>(
  database: Database,
  scope: NotifierScope,
  change: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  if (scope !== null) return lockWorkspace(database, scope, change);
  return database.$transaction(async (transaction) => {
    await transaction.$queryRaw`select 1 from pg_advisory_xact_lock(${INSTALLATION_LOCK}::bigint)`;
    return change(transaction);
  });
}

/**
 * Creates a notifier. An e-mail address is sent a code, and nothing else until the code has been entered.
 * @throws NotFoundError when there is no such workspace
 * @throws InvalidInputError when the target is malformed, or a machine of a private network, or when a
 *   notice is not for this scope
 * @throws NotConfiguredError when it is an e-mail address and no mail server is configured
 * @throws QuotaExceededError when the scope has as many notifiers as it may have
 * @throws RateLimitedError when the scope has sent too many codes to e-mail addresses within an hour
 */
export async function createNotifier(
  context: NotifierContext,
  scope: NotifierScope,
  input: z.input<typeof newNotifier>,
): Promise<z.infer<typeof createdNotifierSchema>> {
  const { target, ...data } = parseInput(newNotifier, input);
  requireNoticesOf(scope, data.notices);
  const { database, tokenCipher, sending } = context;
  await requireReachable(data.kind, target, sending, scope);
  const id = randomUUID();
  const { keyId, bytes } = tokenCipher.seal(target, id);
  const secret = data.kind === 'webhook' ? createSigningSecret() : null;
  const isUnconfirmed = data.kind === 'email';
  const { notifier, issued } = await lockScope(database, scope, async (transaction) => {
    const count = await transaction.notifier.count({ where: { workspaceId: scope } });
    requireRoom(`notifiers of ${scope === null ? 'the installation' : 'a workspace'}`, Quota.notifiers, {
      count,
    });
    const created = await transaction.notifier.create({
      data: {
        ...data,
        id,
        ...(isUnconfirmed && { status: 'unconfirmed' }),
        workspaceId: scope,
        keyId,
        target: bytes,
        secret: secret === null ? null : tokenCipher.seal(secret, id).bytes,
      },
    });
    return { notifier: created, issued: isUnconfirmed ? await issueCode(transaction, scope, id) : null };
  });
  const confirmation =
    issued === null ? null : await sendCode(context, issued, openReceiver(notifier, tokenCipher));
  return { ...toSummary(notifier, tokenCipher), secret, confirmation };
}

/** Titles are for the workspace that they belong to, and the state of all for the installation. */
function requireNoticesOf(scope: NotifierScope, notices: readonly NoticeKind[] = []): void {
  const others = scope === null ? WORKSPACE_NOTICES : INSTALLATION_NOTICES;
  const refused = notices.find((notice) => others.includes(notice));
  if (refused === undefined) return;
  throw new InvalidInputError(
    'notices',
    scope === null
      ? `must not name ${refused} for the installation: it holds titles, so only notifiers of a workspace receive it`
      : `must not name ${refused} for a workspace: it is about all of them, so only notifiers of the installation receive it`,
  );
}

/** A name is resolved when a message is sent, and the guard decides then; an address is refused at once. */
async function requireReachable(
  kind: NotifierKind,
  target: string,
  sending: Sending,
  scope: NotifierScope,
): Promise<void> {
  if (kind === 'email') {
    if (sending.mail === null)
      throw new NotConfiguredError('E-mails need a mail server: SMTP_URL and SMTP_FROM are not set.');
    return;
  }
  const { hostname } = new URL(target);
  const isAddress = hostname === 'localhost' || /^[\d.]+$|^\[/.test(hostname);
  if (!isAddress) return;
  const { networks = [], resolve } = guardOf(sending.webhooks, { workspaceId: scope });
  const allowed = await allowedAddresses(hostname, networks, resolve).catch(() => []);
  if (allowed.length === 0)
    throw new InvalidInputError(
      'target',
      scope === null
        ? 'must lead to a public address, or one in NOTIFIER_ALLOWED_NETWORKS'
        : 'must lead to a public address',
    );
}

/** The notifiers of a workspace or of the installation, oldest first. */
export async function listNotifiers(
  { database, tokenCipher }: Omit<NotifierContext, 'sending'>,
  scope: NotifierScope,
): Promise<NotifierSummary[]> {
  if (scope !== null) await requireWorkspace(database, scope);
  const notifiers = await database.notifier.findMany({
    where: { workspaceId: scope },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  return notifiers.map((notifier) => toSummary(notifier, tokenCipher));
}

/**
 * @throws NotFoundError when the scope has no such notifier
 * @throws InvalidInputError when a change is malformed, or a notice is not for this scope
 */
export async function changeNotifier(
  { database, tokenCipher }: Omit<NotifierContext, 'sending'>,
  scope: NotifierScope,
  notifierId: string,
  changes: z.input<typeof notifierChanges>,
): Promise<NotifierSummary> {
  const { id, status } = await requireNotifier(database, scope, notifierId);
  const data = parseInput(notifierChanges, changes);
  if (status === 'unconfirmed' && data.status !== undefined)
    throw new InvalidInputError(
      'status',
      'must be absent until the e-mail address is confirmed with its code',
    );
  requireNoticesOf(scope, data.notices);
  return toSummary(await database.notifier.update({ where: { id }, data }), tokenCipher);
}

/**
 * Deletes a notifier. Its messages still count as tests of its scope.
 * @throws NotFoundError when the scope has no such notifier
 */
export async function deleteNotifier(
  database: Database,
  scope: NotifierScope,
  notifierId: string,
): Promise<{ id: string }> {
  const { id } = await requireNotifier(database, scope, notifierId);
  await database.notifier.deleteMany({ where: { id } });
  return { id };
}

/** @throws NotFoundError when the scope has no such notifier */
export async function requireNotifier(
  database: Database,
  scope: NotifierScope,
  notifierId: string,
): Promise<Notifier> {
  const id = parseInput(notifierIdSchema, notifierId, 'notifier');
  if (scope !== null) await requireWorkspace(database, scope);
  const notifier = await database.notifier.findFirst({ where: { id, workspaceId: scope } });
  if (notifier !== null) return notifier;
  if (scope !== null) throw new NotInWorkspaceError(scope, 'notifier', id);
  throw new NotFoundError(`The installation has no notifier ${id}.`, {
    remedy: { action: RemedyAction.listInstallationNotifiers },
  });
}

/** @throws when its key is not configured */
export function openReceiver(
  {
    id,
    workspaceId,
    kind,
    keyId,
    target,
    secret,
  }: Pick<Notifier, 'id' | 'workspaceId' | 'kind' | 'keyId' | 'target' | 'secret'>,
  tokenCipher: TokenCipher,
): Receiver {
  const open = (bytes: Uint8Array) => tokenCipher.open({ keyId, bytes: new Uint8Array(bytes) }, id);
  return { kind: kind as NotifierKind, target: open(target), secret: secret && open(secret), workspaceId };
}

export function toSummary(notifier: Notifier, tokenCipher: TokenCipher): NotifierSummary {
  const { id, name, kind, notices, agendaHour, summaryWeekday, status, createdAt, lastMessageAt } = notifier;
  return {
    id,
    name,
    kind: kind as NotifierKind,
    receiver: receiverOf(notifier, tokenCipher),
    notices,
    agendaHour,
    summaryWeekday: summaryWeekday as NotifierSummary['summaryWeekday'],
    status: status as NotifierSummary['status'],
    createdAt: createdAt.toISOString(),
    lastMessageAt: lastMessageAt?.toISOString() ?? null,
  };
}

/** What tells one receiver from another, without the secret part of its target. */
function receiverOf(notifier: Notifier, tokenCipher: TokenCipher): string | null {
  try {
    const { kind, target } = openReceiver(notifier, tokenCipher);
    return kind === 'email' ? target.replace(/(?<=^.).*(?=@)/, '…') : new URL(target).host;
  } catch {
    return null;
  }
}
