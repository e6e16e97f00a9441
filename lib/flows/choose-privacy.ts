/** An account decides how long it keeps conversations and whose messages models learn from; a contact's own word is noted. */
import { AppError } from '@/lib/core/errors'
import { canCorrect, canManageAccount, requireMember } from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import { noteConsent } from '@/lib/features/contacts/write'
import { countDue } from '@/lib/features/conversations/retire'
import {
  type Consent,
  cutoffOf,
  keepChoices,
  keptMonths,
  type PrivacyChoices,
  readChoices,
} from '@/lib/features/privacy/choices'
import type { PrivacyChange } from '@/lib/features/privacy/input'
import type { Ctx } from '@/lib/platform/context'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'

export interface Privacy extends PrivacyChoices {
  /** By months: how many conversations would be erased with the next night. */
  due: Record<number, number>
}

async function read(tx: Tx, ctx: Ctx): Promise<Privacy> {
  const due: Record<number, number> = {}
  for (const months of keptMonths) due[months] = await countDue(tx, ctx, cutoffOf(ctx.now(), months))
  return { ...(await readChoices(tx, ctx)), due }
}

export async function readPrivacy(ctx: Ctx): Promise<Privacy> {
  requireMember(ctx, canManageAccount)
  return inAccount(ctx, (tx) => read(tx, ctx))
}

export async function choosePrivacy(ctx: Ctx, change: PrivacyChange): Promise<Privacy> {
  requireMember(ctx, canManageAccount)
  return inAccount(ctx, async (tx) => {
    await keepChoices(tx, ctx, change)
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'privacy' } })
    const privacy = await read(tx, ctx)
    const { keepMonths, learnFrom } = privacy
    await record(tx, ctx, { act: 'privacy.changed', facts: { keepMonths, learnFrom } })
    return privacy
  })
}

/** Whoever corrects may note what a contact said. @throws not_found */
export async function noteContactConsent(
  ctx: Ctx,
  { id, trainingConsent }: { id: string; trainingConsent: Consent | null },
): Promise<void> {
  requireMember(ctx, canCorrect)
  return inAccount(ctx, async (tx) => {
    if (!(await noteConsent(tx, ctx, id, trainingConsent))) throw new AppError('not_found')
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'contact', contactId: id } })
    await record(tx, ctx, { act: 'contact.consent', thingId: id, facts: { consent: trainingConsent } })
  })
}

export async function readContactConsent(
  ctx: Ctx,
  { id }: { id: string },
): Promise<{ trainingConsent: Consent | null }> {
  requireMember(ctx)
  const where = { accountId: ctx.accountId, id }
  const row = await inAccount(ctx, (tx) => tx.contact.findFirst({ where, select: { trainingConsent: true } }))
  if (!row) throw new AppError('not_found')
  return { trainingConsent: row.trainingConsent as Consent | null }
}
