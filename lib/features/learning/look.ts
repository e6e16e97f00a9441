/** Looks through an account's labels: asked for, taken by a worker, and what the last one found. The row is the job. */
import { z } from 'zod'
import type { Ctx } from '@/lib/platform/context'
import type { AccountVault } from '@/lib/platform/crypto/vault'
import type { Tx } from '@/lib/platform/db/in-account'

const label = z.object({ id: z.string(), intent: z.string() })
const found = z.object({
  doubts: z.array(label.extend({ guess: z.string(), probability: z.number() })),
  contradictions: z.array(z.array(label)),
  overlaps: z.array(
    z.object({ one: z.string(), other: z.string(), count: z.number(), held: z.number(), ids: z.array(z.string()) }),
  ),
  proposals: z.array(z.object({ messageIds: z.array(z.string()), words: z.array(z.string()) })),
})
/** By ids: a text is read when it is shown, so that what was erased or refused meanwhile is not among them. */
export type Found = z.output<typeof found>

/** A worker that said nothing for so long is gone, milliseconds; it says something three times as often. */
const lease = 60_000
/** Nothing is looked at more often than this, milliseconds. */
const pause = 60_000

const about = 'label look'

/** What there is to look at, as one word: another one when anything came, was said or was trained since. */
async function readSeen(tx: Tx, { accountId }: Ctx): Promise<string> {
  const [row] = await tx.$queryRaw<{ seen: string }[]>`
    SELECT concat_ws(' ',
      (SELECT message_id FROM prediction WHERE account_id = ${accountId}::uuid ORDER BY message_id DESC LIMIT 1),
      (SELECT concat(count(*), '/', count(undone_at)) FROM correction WHERE account_id = ${accountId}::uuid AND field = 'intent'),
      (SELECT concat(count(*), '/', max(created_at)) FROM example WHERE account_id = ${accountId}::uuid),
      (SELECT id FROM training_run WHERE account_id = ${accountId}::uuid AND state = 'succeeded' ORDER BY created_at DESC LIMIT 1)
    ) AS seen`
  return row?.seen ?? ''
}

/** Asks for a look. */
export async function askLook(tx: Tx, ctx: Ctx): Promise<void> {
  const [accountId, askedAt] = [ctx.accountId, ctx.now()]
  await tx.labelLook.upsert({ where: { accountId }, create: { accountId, askedAt }, update: { askedAt } })
}

export interface Looked {
  /** Null while the first look is not over. */
  at: Date | null
  /** Another one is asked for. */
  again: boolean
  found: Found | null
}

/** What the last look found. Where there is something new since, another one is asked for. */
export async function readLook(tx: Tx, ctx: Ctx, vault: AccountVault): Promise<Looked> {
  const row = await tx.labelLook.findUnique({ where: { accountId: ctx.accountId } })
  const waits = row !== null && (row.lookedAt === null || row.askedAt > row.lookedAt)
  const rested = !row?.lookedAt || ctx.now().getTime() - row.lookedAt.getTime() > pause
  const again = waits || (rested && (await readSeen(tx, ctx)) !== row?.seen)
  if (again && !waits) await askLook(tx, ctx)
  return {
    at: row?.lookedAt ?? null,
    again,
    found: row?.found ? found.parse(JSON.parse(vault.open(row.found, about))) : null,
  }
}

const wanted = (tx: Tx) => ({ OR: [{ lookedAt: null }, { askedAt: { gt: tx.labelLook.fields.lookedAt } }] })
const left = (now: Date) => ({ OR: [{ takenAt: null }, { takenAt: { lt: new Date(now.getTime() - lease) } }] })

/** Whose look waits for longest, or was left behind by a worker that died. */
export async function findWaiting(tx: Tx, now: Date): Promise<string | null> {
  const row = await tx.labelLook.findFirst({
    where: { AND: [wanted(tx), left(now)] },
    orderBy: { askedAt: 'asc' },
    select: { accountId: true },
  })
  return row?.accountId ?? null
}

/** A look under way. Whoever's word for it is not in the row any more has lost it: to another worker, or because somebody's texts went. */
export interface Taken {
  taken: Date
  /** What there was to look at. */
  seen: string
}

/** Null: another worker was faster, and may be through already. */
export async function takeLook(tx: Tx, ctx: Ctx): Promise<Taken | null> {
  const [{ accountId }, taken] = [ctx, ctx.now()]
  const { count } = await tx.labelLook.updateMany({
    where: { accountId, AND: [wanted(tx), left(taken)] },
    data: { takenAt: taken },
  })
  return count ? { taken, seen: await readSeen(tx, ctx) } : null
}

/** Says that its worker lives. */
export async function holdLook(tx: Tx, ctx: Ctx, look: Taken): Promise<void> {
  const [{ accountId }, takenAt] = [ctx, ctx.now()]
  const { count } = await tx.labelLook.updateMany({ where: { accountId, takenAt: look.taken }, data: { takenAt } })
  if (count) look.taken = takenAt
}

/** False: it was lost meanwhile, and nothing of it is kept. @param at when it began: what is asked for since is looked at again */
export async function keepLook(
  tx: Tx,
  ctx: Ctx,
  vault: AccountVault,
  { taken, seen }: Taken,
  { at, found }: { at: Date; found: Found },
): Promise<boolean> {
  const sealed = vault.seal(JSON.stringify(found), about)
  const { count } = await tx.labelLook.updateMany({
    where: { accountId: ctx.accountId, takenAt: taken },
    data: { lookedAt: at, takenAt: null, seen, found: new Uint8Array(sealed) },
  })
  return count > 0
}

/** Somebody's texts go: so does what was found among them, and what is being found. */
export async function dropLook(tx: Tx, ctx: Ctx): Promise<void> {
  await tx.labelLook.updateMany({
    where: { accountId: ctx.accountId },
    data: { found: null, takenAt: null, askedAt: ctx.now() },
  })
}
