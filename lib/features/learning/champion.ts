/** Which model answers for an account, kept for a moment: the visitor's path must not read it per message. */
import { lineAsSaid } from '@/lib/core/learning'
import type { Understanding } from '@/lib/core/ports'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { Moment } from '@/lib/platform/moment'
import { bundleName } from '@/models/bundle/name'
import { laneOf } from './trial-rules'
import { readTrial } from './trials'

export interface Champion {
  /** Name of the bundle that inference opens; `base` is the model that comes along. */
  bundle: string
  /** Least probability of intents that ask for more than the usual. */
  lines: ReadonlyMap<string, number>
  /** Intents out of use. */
  aside: ReadonlySet<string>
  /** Intents that took the place of others. */
  merged: ReadonlyMap<string, string>
  /** A version that answers for a share of the contacts, percent. */
  canary: { id: string; bundle: string; share: number } | null
}

const champions = new Moment(readChampion)
export const championOf = (ctx: Ctx): Promise<Champion> => champions.of(ctx)
/** Forgets it after a change, so that the next message sees it. */
export const forgetChampion = (accountId: string): void => champions.forget(accountId)

async function readChampion(ctx: Ctx): Promise<Champion> {
  const { accountId } = ctx
  return inAccount(ctx, async (tx) => {
    const newest = await tx.deployment.findFirst({
      where: { accountId },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      select: { version: { select: { bundle: true, brought: true } } },
    })
    const changed = await tx.intent.findMany({
      where: { accountId, OR: [{ threshold: { not: null } }, { archivedAt: { not: null } }] },
      select: { key: true, threshold: true, archivedAt: true, mergedInto: true },
    })
    const trial = await readTrial(tx, ctx)
    const canary = trial && trial.share > 0 && trial.share < 100 ? trial : null
    return {
      canary: canary && { id: canary.id, bundle: bundleName(accountId, canary.bundle), share: canary.share },
      // The weights of a version that came with the account stayed where it was trained.
      bundle: newest?.version && !newest.version.brought ? bundleName(accountId, newest.version.bundle) : 'base',
      lines: new Map(changed.flatMap(({ key, threshold }) => (threshold ? [[key, lineAsSaid(threshold)]] : []))),
      aside: new Set(changed.flatMap(({ key, archivedAt }) => (archivedAt ? [key] : []))),
      merged: new Map(changed.flatMap(({ key, mergedInto }) => (mergedInto ? [[key, mergedInto]] : []))),
    }
  })
}

/** The model that answers this contact. */
export const bundleFor = ({ bundle, canary }: Champion, contactId: string | null): string =>
  canary && contactId && laneOf(canary.id, contactId) < canary.share ? canary.bundle : bundle

/** What was merged is called by its new name; an intent out of use covers nothing; one that asks for more than the usual says so. */
export function hold(champion: Champion, said: Understanding | null): Understanding | null {
  if (!said) return null
  const intent = champion.merged.get(said.intent) ?? said.intent
  const line = champion.lines.get(intent)
  return { ...said, intent, inScope: said.inScope && !champion.aside.has(intent), ...(line ? { line } : {}) }
}
