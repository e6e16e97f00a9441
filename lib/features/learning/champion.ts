/** Which model answers for an account, kept for a moment: the visitor's path must not read it per message. */
import { lineAsSaid } from '@/lib/core/learning'
import type { Understanding } from '@/lib/core/ports'
import type { Ctx } from '@/lib/platform/context'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { Moment } from '@/lib/platform/moment'
import { bundleName } from '@/models/bundle/name'
import { laneOf } from './trial-rules'
import { readTrial } from './trials'
import { listPredecessors } from './versions'

/** What the account changed about intents since models learned their keys. */
export interface Names {
  /** Least probability of intents that ask for more than the usual. */
  lines: ReadonlyMap<string, number>
  /** Intents out of use. */
  aside: ReadonlySet<string>
  /** Intents that took the place of others. */
  merged: ReadonlyMap<string, string>
}

export interface Champion extends Names {
  /** Name of the bundle that inference opens; `base` is the model that comes along. */
  bundle: string
  /** Bundles that answer where it cannot be opened, the last good one first. */
  otherwise: readonly string[]
  /** Since when it is in charge, and the model version that is known to answer in its place. */
  deployment: { id: string; version: number; standIn: string | null } | null
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
      select: { id: true, standIn: true, version: { select: { bundle: true, brought: true, number: true } } },
    })
    const trial = await readTrial(tx, ctx)
    const canary = trial && trial.share > 0 ? trial : null
    // The weights of a version that came with the account stayed where it was trained.
    const version = newest?.version?.brought ? null : newest?.version
    const nameOf = ({ bundle }: { bundle: string }) => bundleName(accountId, bundle)
    return {
      canary: canary && { id: canary.id, bundle: nameOf(canary), share: canary.share },
      bundle: version ? nameOf(version) : 'base',
      otherwise: version ? (await listPredecessors(tx, ctx)).map(nameOf) : [],
      deployment: newest && version ? { id: newest.id, version: version.number, standIn: newest.standIn } : null,
      ...(await readNames(tx, ctx)),
    }
  })
}

export async function readNames(tx: Tx, ctx: Ctx): Promise<Names> {
  const changed = await tx.intent.findMany({
    where: { accountId: ctx.accountId, OR: [{ threshold: { not: null } }, { archivedAt: { not: null } }] },
    select: { key: true, threshold: true, archivedAt: true, mergedInto: true },
  })
  return {
    lines: new Map(changed.flatMap(({ key, threshold }) => (threshold ? [[key, lineAsSaid(threshold)]] : []))),
    aside: new Set(changed.flatMap(({ key, archivedAt }) => (archivedAt ? [key] : []))),
    merged: new Map(changed.flatMap(({ key, mergedInto }) => (mergedInto ? [[key, mergedInto]] : []))),
  }
}

/** A comparison holds while its intents are called what they were called then. @param then absent in reports of before: unknown */
export const isMergedAlike = (then: Record<string, string> | undefined, { merged }: Names): boolean =>
  then !== undefined &&
  merged.size === Object.keys(then).length &&
  [...merged].every(([key, into]) => then[key] === into)

/** The model that answers this contact. */
export const bundleFor = ({ bundle, canary }: Champion, contactId: string | null): string =>
  canary && contactId && laneOf(canary.id, contactId) < canary.share ? canary.bundle : bundle

/** What was merged is called by its new name; an intent out of use covers nothing; one that asks for more than the usual says so. */
export function hold(names: Names, said: Understanding): Understanding {
  const intent = names.merged.get(said.intent) ?? said.intent
  const line = names.lines.get(intent)
  return { ...said, intent, inScope: said.inScope && !names.aside.has(intent), ...(line ? { line } : {}) }
}
