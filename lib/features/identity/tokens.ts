/** Single-use tokens for sign-in links, password resets, address checks, and between a right password and the code. */
import { AppError } from '@/lib/core/errors'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import { hashToken, newSecret } from './secrets'

export type TokenPurpose = 'sign_in' | 'reset' | 'verify' | 'code'

/** Minutes a token lives. */
export const tokenLife: Record<TokenPurpose, number> = { sign_in: 15, reset: 15, verify: 7 * 24 * 60, code: 10 }

/** Keeps the hash and returns the token. Earlier ones stay good: a stranger who asks must not end the owner's. System role. */
export async function issueToken(
  tx: Tx,
  ctx: Ctx,
  purpose: TokenPurpose,
  person: { email: string; userId: string },
): Promise<string> {
  const { token, hash } = newSecret()
  const now = ctx.now()
  await tx.signInToken.deleteMany({ where: { expiresAt: { lt: new Date(now.getTime() - 86_400_000) } } })
  await tx.signInToken.create({
    data: {
      hash,
      purpose,
      email: person.email,
      userId: person.userId,
      createdAt: now,
      expiresAt: new Date(now.getTime() + tokenLife[purpose] * 60_000),
    },
  })
  return token
}

/** Uses a token up; of many tries at once exactly one wins. @throws link_invalid, code_late */
export async function useToken(
  tx: Tx,
  ctx: Ctx,
  purpose: TokenPurpose,
  token: string,
): Promise<{ email: string; userId: string }> {
  const hash = hashToken(token)
  const now = ctx.now()
  const { count } = await tx.signInToken.updateMany({
    where: { hash, purpose, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  })
  if (count !== 1) throw new AppError(purpose === 'code' ? 'code_late' : 'link_invalid')
  const row = await tx.signInToken.findUniqueOrThrow({ where: { hash } })
  if (!row.userId) throw new AppError('link_invalid')
  await tx.signInToken.deleteMany({ where: { userId: row.userId, purpose, usedAt: null } })
  return { email: row.email, userId: row.userId }
}

/** Whose token this is while it would still work; looking does not use it up. */
export async function tokenHolder(tx: Tx, ctx: Ctx, purpose: TokenPurpose, token: string): Promise<string | null> {
  const found = await tx.signInToken.findFirst({
    where: { hash: hashToken(token), purpose, usedAt: null, expiresAt: { gt: ctx.now() } },
    select: { userId: true },
  })
  return found?.userId ?? null
}
