/** "We train it for you": an owner consents, the operator starts a run on the account's behalf, and the account accepts what came of it. */
import { AppError, isAppError } from '@/lib/core/errors'
import { canConsent, canTrain, requireMember, requireUser } from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import { modelStanding, type ServiceStanding } from '@/lib/features/billing/read'
import { requireOperator } from '@/lib/features/identity/operator'
import {
  addConsent,
  addOrder,
  type Decision,
  decideOrder,
  endConsent,
  listOrders,
  lockConsent,
  type Order,
} from '@/lib/features/learning/orders'
import { listRuns, readBriefReports } from '@/lib/features/learning/read-runs'
import { cancelRun, type RunState } from '@/lib/features/learning/runs'
import { readRunning } from '@/lib/features/learning/trials'
import { findVersion, readChampionVersion } from '@/lib/features/learning/versions'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { startTraining } from './start-training'

/** Without it nobody but the account itself starts a run. Withdrawn, what was ordered and has not ended is cancelled. */
export async function setConsent(ctx: Ctx, { given }: { given: boolean }): Promise<void> {
  const { membershipId } = requireMember(ctx, canConsent)
  await inAccount(ctx, async (tx) => {
    const standing = await lockConsent(tx, ctx)
    if (given === (standing !== null)) return
    if (standing) {
      await endConsent(tx, ctx, standing.id, membershipId)
      for (const { runId } of await listOrders(tx, ctx))
        await cancelRun(tx, ctx, runId).catch((error) => {
          if (!isAppError(error)) throw error
        })
    } else await addConsent(tx, ctx, membershipId)
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'training' } })
    await record(tx, ctx, { act: given ? 'training.consent_given' : 'training.consent_withdrawn' })
  })
}

/** What the account says to a version that was made for it; null takes it back. @throws not_found, conflict while it answers */
export async function decideOnOrder(
  ctx: Ctx,
  { id, decision }: { id: string; decision: Decision | null },
): Promise<void> {
  const { membershipId } = requireMember(ctx, canTrain)
  await inAccount(ctx, async (tx) => {
    const { runId } = await findVersion(tx, ctx, id)
    const running = await readRunning(tx, ctx)
    // What reads along may be put in charge by the watch itself.
    const read = running.flatMap(({ versionId, rival }) => [versionId, rival?.id])
    const answers = [(await readChampionVersion(tx, ctx))?.id, ...read]
    if (decision !== 'accepted' && answers.includes(id)) throw new AppError('conflict')
    await decideOrder(tx, ctx, { runId, decision, by: membershipId })
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'model' } })
    await record(tx, ctx, { act: `model.${decision ?? 'undecided'}`, thingId: id })
  })
}

export interface ConsentingAccount {
  id: string
  name: string
  since: Date
  /** Of models made to order. */
  service: ServiceStanding
  /** The newest run that was ordered. */
  order: (Pick<Order, 'decision' | 'createdAt'> & { state: RunState | null; accuracy: number | null }) | null
}

/** The account's own rows are read as the account. */
const within = (ctx: Ctx, accountId: string): Ctx => ({
  ...ctx,
  accountId,
  actor: { kind: 'system', reason: 'a model made to order' },
})

/** Whom the operator may train for. @throws forbidden */
export async function readConsenting(ctx: Ctx): Promise<{ accounts: ConsentingAccount[] }> {
  const found = await asSystem(ctx.services, 'accounts that have models made to order', async (tx) => {
    await requireOperator(tx, ctx)
    const standing = await tx.trainingConsent.findMany({
      where: { withdrawnAt: null },
      orderBy: { givenAt: 'asc' },
      take: 200,
      select: { accountId: true, givenAt: true },
    })
    const accounts = await tx.account.findMany({
      where: { id: { in: standing.map(({ accountId }) => accountId) } },
      select: { id: true, name: true },
    })
    const names = new Map(accounts.map(({ id, name }) => [id, name]))
    return standing.map(({ accountId, givenAt }) => ({
      id: accountId,
      name: names.get(accountId) ?? '',
      since: givenAt,
    }))
  })
  const accounts: ConsentingAccount[] = []
  for (const account of found) {
    const own = within(ctx, account.id)
    const service = await inAccount(own, (tx) => modelStanding(tx, own))
    accounts.push({ ...account, service, order: await newestOrder(own) })
  }
  return { accounts }
}

/** How it went, in one figure; nothing of what the account writes. */
async function newestOrder(ctx: Ctx): Promise<ConsentingAccount['order']> {
  return inAccount(ctx, async (tx) => {
    const [order] = await listOrders(tx, ctx, 1)
    if (!order) return null
    const { runId, decision, createdAt } = order
    const [run] = await listRuns(tx, ctx, { most: 0, ids: [runId] })
    const report = (await readBriefReports(tx, ctx, [runId])).get(runId)
    return { decision, createdAt, state: run?.state ?? null, accuracy: report?.candidate.accuracy ?? null }
  })
}

/** Where the service is sold, it is bought first. @throws forbidden, consent_missing, service_missing, not_enough_examples, too_many, plan_trainings */
export async function orderTraining(ctx: Ctx, { accountId }: { accountId: string }): Promise<{ id: string }> {
  const operatorId = requireUser(ctx)
  await asSystem(ctx.services, 'the operator starts a training for an account', (tx) => requireOperator(tx, ctx))
  return startTraining(within(ctx, accountId), {
    // In the transaction that adds the run: a consent withdrawn meanwhile leaves no run behind.
    also: async (tx, own, runId) => {
      const consent = await lockConsent(tx, own)
      if (!consent) throw new AppError('consent_missing')
      if ((await modelStanding(tx, own)) === 'none') throw new AppError('service_missing')
      await addOrder(tx, own, { runId, consentId: consent.id, operatorId })
    },
  })
}
