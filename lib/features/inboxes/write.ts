/** Makes and changes inboxes, and keeps the secret that signs visitors' identities. */
import { randomBytes } from 'node:crypto'
import { AppError } from '@/lib/core/errors'
import { makeSiteKey } from '@/lib/core/site-key'
import type { Ctx } from '@/lib/platform/context'
import type { AccountVault } from '@/lib/platform/crypto/vault'
import type { Tx } from '@/lib/platform/db/in-account'
import type { InboxChange, InboxDraft } from './input'

const most = 50

export interface MadeInbox {
  id: string
  siteKey: string
  /** In clear, this once. */
  identitySecret: string
}

/** What the identity secret's ciphertext is bound to. */
const about = (inboxId: string): string => `${inboxId} identity`
/** A fresh secret that nobody has seen; it works once it was rotated. */
export const unseenSecret = (vault: AccountVault, inboxId: string): Buffer => vault.seal(newSecret(), about(inboxId))
const newSecret = (): string => randomBytes(32).toString('base64url')

export async function addInbox(tx: Tx, ctx: Ctx, vault: AccountVault, draft: InboxDraft): Promise<MadeInbox> {
  const { accountId } = ctx
  if ((await tx.inbox.count({ where: { accountId } })) >= most) throw new AppError('too_many', { limit: most })
  const id = ctx.newId()
  const siteKey = makeSiteKey(accountId)
  const identitySecret = newSecret()
  await tx.inbox.create({
    data: {
      accountId,
      id,
      siteKey,
      name: draft.name,
      allowedOrigins: draft.allowedOrigins ?? [],
      texts: (draft.texts ?? {}) as object,
      ...(draft.accent ? { accent: draft.accent } : {}),
      ...(draft.reopenDays === undefined ? {} : { reopenDays: draft.reopenDays }),
      ...(draft.disclosure === undefined ? {} : { disclosure: draft.disclosure }),
      identitySecret: Uint8Array.from(vault.seal(identitySecret, about(id))),
      createdAt: ctx.now(),
    },
    select: { id: true },
  })
  return { id, siteKey, identitySecret }
}

export async function changeInbox(tx: Tx, ctx: Ctx, id: string, change: InboxChange): Promise<void> {
  const { archived, texts, ...rest } = change
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  const { count } = await tx.inbox.updateMany({
    where: { accountId: ctx.accountId, id },
    data: {
      ...given,
      ...(texts === undefined ? {} : { texts: texts as object }),
      ...(archived === undefined ? {} : { archivedAt: archived ? ctx.now() : null }),
    },
  })
  if (count !== 1) throw new AppError('not_found')
}

/** A fresh secret; the old one's ciphertext comes back so that the change can be undone. */
export async function rotateSecret(
  tx: Tx,
  ctx: Ctx,
  vault: AccountVault,
  id: string,
): Promise<{ identitySecret: string; before: string }> {
  const row = await tx.inbox.findFirst({
    where: { accountId: ctx.accountId, id },
    select: { identitySecret: true },
  })
  if (!row) throw new AppError('not_found')
  const identitySecret = newSecret()
  await putSecret(tx, ctx, id, vault.seal(identitySecret, about(id)))
  return { identitySecret, before: Buffer.from(row.identitySecret).toString('base64') }
}

/** Puts a sealed secret in place. */
export async function putSecret(tx: Tx, ctx: Ctx, id: string, sealed: Uint8Array): Promise<void> {
  const { count } = await tx.inbox.updateMany({
    where: { accountId: ctx.accountId, id },
    data: { identitySecret: Uint8Array.from(sealed) },
  })
  if (count !== 1) throw new AppError('not_found')
}
