/** Asks two models about the same held-out texts and compares their answers. */
import { AppError } from '@/lib/core/errors'
import { intents } from '@/lib/features/intents/builtin'
import { hold, type Names, readNames } from '@/lib/features/learning/champion'
import { type Case, readCases } from '@/lib/features/learning/examples'
import {
  changed,
  type Difference,
  differenceOf,
  type Gate,
  gateOf,
  grownOf,
  unlikeOf,
  withCases,
} from '@/lib/features/learning/gate'
import { type Answer, type Judged, judge } from '@/lib/features/learning/judge'
import { type Sureness, surenessOf } from '@/lib/features/learning/lines'
import { readLabels } from '@/lib/features/learning/versions'
import type { Ctx } from '@/lib/platform/context'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { inAccount } from '@/lib/platform/db/in-account'
import { bundleName } from '@/models/bundle/name'

/** Texts asked about at once, and how long each may take, milliseconds: nobody waits for this, and visitors come first. */
const atOnce = 64
const unhurried = 10_000

export interface Compared {
  /** Intents that others had taken the place of: the comparison is about those. */
  merged: Record<string, string>
  candidate: Judged
  champion: Judged
  gate: Gate
  changed: { better: number; worse: number }
  difference: Difference | null
  /** Of the candidate. */
  sureness: Sureness
}

export interface HeldOut {
  text: string
  intent: string
}

const namesNow = (ctx: Ctx): Promise<Names> => inAccount(ctx, (tx) => readNames(tx, ctx))

/**
 * What contacts would be told: an intent that was merged goes by its new name, as where the model answers.
 * @param digest of a version's bundle; null for the model that comes along @throws model_away
 */
export async function answersOf(
  ctx: Ctx,
  texts: readonly HeldOut[],
  digest: string | null,
  { names, patience = unhurried }: { names?: Names; patience?: number | undefined } = {},
): Promise<Answer[]> {
  const bundle = digest ? bundleName(ctx.accountId, digest) : 'base'
  const known = names ?? (await namesNow(ctx))
  const answers: Answer[] = []
  for (let from = 0; from < texts.length; from += atOnce) {
    const some = texts.slice(from, from + atOnce)
    const said = await Promise.all(some.map(({ text }) => ctx.services.classifier.classify({ text, bundle }, patience)))
    for (const one of said) {
      // A bundle that cannot be opened is answered for by the base: that must not be taken for the version's own word.
      if (!one || (digest && !digest.startsWith(one.modelVersion))) throw new AppError('model_away')
      answers.push(hold(known, one))
    }
  }
  return answers
}

/** What a version, or the model that comes along (null), says to the account's cases. @throws model_away */
export async function tryCases(
  ctx: Ctx,
  digest: string | null,
  patience?: number,
): Promise<(Case & { guess: string })[]> {
  const vault = await accountVault(ctx)
  const cases = await inAccount(ctx, (tx) => readCases(tx, ctx, vault))
  const answers = await answersOf(ctx, cases, digest, { patience })
  return cases.map((one, at) => ({ ...one, guess: answers[at]?.intent ?? '' }))
}

/** What a version, or the model that comes along (null), can say, by the names that intents have now. */
async function knownTo(ctx: Ctx, digest: string | null, { merged }: Names): Promise<Set<string>> {
  const keys = digest ? await inAccount(ctx, (tx) => readLabels(tx, ctx, digest)) : intents.map(({ id }) => id)
  return new Set(keys.map((key) => merged.get(key) ?? key))
}

/** @throws model_away */
export async function judgeModels(
  ctx: Ctx,
  texts: readonly HeldOut[],
  { candidate, champion }: { candidate: string; champion: string | null },
): Promise<Compared> {
  const names = await namesNow(ctx)
  const truth = texts.map(({ intent }) => names.merged.get(intent) ?? intent)
  const mine = await answersOf(ctx, texts, candidate, { names })
  const theirs = candidate === champion ? mine : await answersOf(ctx, texts, champion, { names })
  const [one, other] = [judge(truth, mine), judge(truth, theirs)]
  const cases = (await tryCases(ctx, candidate)).map(({ id, intent, guess }) => ({ id, intent, guess }))
  const grown = grownOf(truth, theirs, mine, await knownTo(ctx, champion, names))
  const gate = withCases(gateOf(one, other, unlikeOf(truth, theirs, mine), grown), cases)
  const merged = Object.fromEntries(names.merged)
  return {
    candidate: one,
    champion: other,
    gate,
    changed: changed(truth, theirs, mine),
    difference: differenceOf(truth, theirs, mine),
    sureness: surenessOf(truth, mine),
    merged,
  }
}
