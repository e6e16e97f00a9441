/** A person's second factor as rows: the sealed secret, the last step taken, recovery codes. System role. */
import { AppError } from '@/lib/core/errors'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import { codesPerPerson, newCode, plainCode } from './recovery-codes'
import { isAppCode, newAppSecret, stepOf } from './totp'

const about = (userId: string): string => `second factor ${userId}`
const hashOf = (ctx: Ctx, userId: string, code: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(ctx.services.vault.people.fingerprint(`recovery code ${userId} ${plainCode(code)}`))

/** The person's row, held until the end of the transaction: of two changes to their second factor one waits. */
export async function holdPerson(tx: Tx, userId: string): Promise<{ on: boolean }> {
  const [row] = await tx.$queryRaw<{ on: boolean }[]>`
    SELECT second_factor_at IS NOT NULL AS on FROM "user" WHERE id = ${userId}::uuid AND disabled_at IS NULL FOR UPDATE`
  if (!row) throw new AppError('not_signed_in')
  return row
}

/** A new secret that waits for its first code; one that waited before is forgotten. */
export async function offerSecret(tx: Tx, ctx: Ctx, userId: string): Promise<string> {
  const secret = newAppSecret()
  const sealed = new Uint8Array(ctx.services.vault.people.seal(secret, about(userId)))
  const data = { secret: sealed, lastStep: 0, createdAt: ctx.now() }
  await tx.secondFactor.upsert({ where: { userId }, create: { userId, ...data }, update: data })
  return secret
}

/** What a code is: of the app, one of the recovery codes, or nothing that counts. */
export type Taken = 'app' | 'recovery' | null

/**
 * Takes a code, once: of many uses at the same time one counts, and none of a step that has been used. A wrong code, a used one
 * and a person without any cost the same.
 */
export async function takeCode(tx: Tx, ctx: Ctx, userId: string, typed: string): Promise<Taken> {
  const code = plainCode(typed)
  if (!isAppCode(code)) {
    const where = { userId, hash: hashOf(ctx, userId, code), usedAt: null }
    const { count } = await tx.recoveryCode.updateMany({ where, data: { usedAt: ctx.now() } })
    return count === 1 ? 'recovery' : null
  }
  const row = await tx.secondFactor.findUnique({ where: { userId }, select: { secret: true } })
  const secret = row ? ctx.services.vault.people.open(row.secret, about(userId)) : newAppSecret()
  // Step 0 lies before every step that has been taken: nothing is updated.
  const step = stepOf(secret, code, ctx.now()) ?? 0
  const { count } = await tx.secondFactor.updateMany({
    where: { userId, lastStep: { lt: step } },
    data: { lastStep: step },
  })
  return count === 1 ? 'app' : null
}

/** From now on a sign-in asks. */
export const switchOn = (tx: Tx, ctx: Ctx, userId: string) =>
  tx.user.update({ where: { id: userId }, data: { secondFactorAt: ctx.now() }, select: { id: true } })

/** Nothing of it stays. */
export async function switchOff(tx: Tx, userId: string): Promise<void> {
  await tx.user.update({ where: { id: userId }, data: { secondFactorAt: null }, select: { id: true } })
  await tx.secondFactor.deleteMany({ where: { userId } })
  await tx.recoveryCode.deleteMany({ where: { userId } })
}

/** New recovery codes in the place of all earlier ones; they are shown now and never again. */
export async function replaceCodes(tx: Tx, ctx: Ctx, userId: string): Promise<string[]> {
  const codes = Array.from({ length: codesPerPerson }, newCode)
  await tx.recoveryCode.deleteMany({ where: { userId } })
  await tx.recoveryCode.createMany({ data: codes.map((code) => ({ userId, hash: hashOf(ctx, userId, code) })) })
  return codes
}

export const codesLeft = (tx: Tx, userId: string): Promise<number> =>
  tx.recoveryCode.count({ where: { userId, usedAt: null } })
