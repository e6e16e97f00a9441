/** Takes down what there is to learn from, and asks for a training run; a worker does the rest. */

import { canTrain, requireMember } from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import { listIntents } from '@/lib/features/intents/read'
import { type Divided, divide, readTaught, storeDataset } from '@/lib/features/learning/dataset'
import { readCases, readLearned } from '@/lib/features/learning/examples'
import { addRun, hasOrdinaryRun } from '@/lib/features/learning/runs'
import { readChoices } from '@/lib/features/privacy/choices'
import type { Ctx } from '@/lib/platform/context'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { cleanText } from '@/models/text/clean'
import { withinPlan } from './within-plan'

/** The same texts and the same seed give the same model. */
const usualSeed = 1

interface Wish {
  seed?: number
  /** Of a differentially private training. */
  epsilon?: number | undefined
  /** In the same transaction, with the run's id. */
  also?: (tx: Tx, ctx: Ctx, runId: string) => Promise<void>
}

/** With the account's choices of this moment, and how many contacts it concerns. */
async function withTerms(tx: Tx, ctx: Ctx, divided: Divided): Promise<Divided> {
  const people = new Set(divided.rows.flatMap(({ contactId }) => contactId ?? [])).size
  return { ...divided, counts: { ...divided.counts, terms: { ...(await readChoices(tx, ctx)), people } } }
}

/** @throws not_enough_examples, too_many, plan_trainings */
export async function startTraining(ctx: Ctx, { seed = usualSeed, epsilon, also }: Wish = {}): Promise<{ id: string }> {
  // A command, or a rule, asks on nobody's behalf.
  const authorId = ctx.actor.kind === 'system' ? null : requireMember(ctx, canTrain).membershipId
  const vault = await accountVault(ctx)
  return inAccount(ctx, async (tx) => {
    const used = (await listIntents(tx, ctx)).filter(({ archived }) => !archived)
    const keysOf = (own: boolean) =>
      new Set(used.filter(({ group }) => (group === 'own') === own).map(({ key }) => key))
    const learned = await readLearned(tx, ctx, vault)
    const cases = new Set((await readCases(tx, ctx, vault)).map(({ text }) => cleanText(text)))
    const divided = divide(learned, keysOf(false), keysOf(true), await readTaught(tx, ctx), cases)
    await withinPlan(tx, ctx, 'trainings')
    const datasetId = await storeDataset(tx, ctx, await withTerms(tx, ctx, divided))
    // What privacy costs is told by an ordinary training of the same texts, judged by the same ones.
    if (epsilon && !(await hasOrdinaryRun(tx, ctx, datasetId, seed))) {
      await addRun(tx, ctx, { datasetId, seed, authorId })
      await withinPlan(tx, ctx, 'trainings')
    }
    const id = await addRun(tx, ctx, { datasetId, seed, authorId, epsilon })
    await also?.(tx, ctx, id)
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'training', runId: id } })
    await record(tx, ctx, { act: also ? 'training.ordered' : 'training.started', thingId: id })
    return { id }
  })
}
