/** Looks through an account's labels and open messages, where somebody asked for it: what would keep a page waiting is done beforehand. */

import { readLearned } from '@/lib/features/learning/examples'
import { contradictionsIn, overlapsIn } from '@/lib/features/learning/health'
import { readKeeps } from '@/lib/features/learning/keeps'
import { type Found, findWaiting, holdLook, keepLook, takeLook } from '@/lib/features/learning/look'
import { groupOpen, readOpen } from '@/lib/features/learning/proposals'
import { readLastReport } from '@/lib/features/learning/read-runs'
import type { Ctx, Services } from '@/lib/platform/context'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { asSystem } from '@/lib/platform/db/as-system'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'

/** So many labelled texts say what words are common. */
const around = 2_000

/** How often a look says that its worker lives, milliseconds. */
const often = 20_000

/** The process has more to do than this. */
const rest = () => new Promise<void>((done) => setImmediate(done))

/** Does the look that waits for longest; false when none does. */
export async function lookAtLabels(
  services: Services,
  ctxOf: (accountId: string) => Ctx,
  beat = often,
): Promise<boolean> {
  const accountId = await asSystem(services, 'find labels to look through', (tx) => findWaiting(tx, ctxOf('').now()))
  if (!accountId) return false
  const ctx = ctxOf(accountId)
  const at = ctx.now()
  const taken = await inAccount(ctx, (tx) => takeLook(tx, ctx))
  if (!taken) return false
  const vault = await accountVault(ctx)
  let holding: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    // A database that is away for a moment must not end a look.
    holding = holding.then(() => inAccount(ctx, (tx) => holdLook(tx, ctx, taken))).catch(() => {})
  }, beat)
  let found: Found
  try {
    found = await look(ctx)
  } finally {
    clearInterval(timer)
    await holding
  }
  await inAccount(ctx, async (tx) => {
    if (await keepLook(tx, ctx, vault, taken, { at, found }))
      await tell(tx, ctx, { type: 'account.updated', data: { part: 'health' } })
  })
  return true
}

async function look(ctx: Ctx): Promise<Found> {
  const vault = await accountVault(ctx)
  const { learned, isKept, report, open } = await inAccount(ctx, async (tx) => ({
    learned: await readLearned(tx, ctx, vault),
    isKept: await readKeeps(tx, ctx),
    // A private training doubts nobody: that would be a word about single texts.
    report: (await readLastReport(tx, ctx))?.report,
    open: await readOpen(tx, ctx, vault),
  }))
  const labelOf = ({ messageId, exampleId, intent }: (typeof learned)[number]) => ({
    id: (messageId ?? exampleId) as string,
    intent,
  })
  const contradictions = await contradictionsIn(learned, (one) => isKept(labelOf(one)), rest)
  return {
    doubts: report?.doubts ?? [],
    contradictions: contradictions.map((group) => group.map(labelOf)),
    overlaps: report ? overlapsIn(report) : [],
    proposals: groupOpen(
      open,
      learned.slice(0, around).map(({ text }) => text),
    ),
  }
}
