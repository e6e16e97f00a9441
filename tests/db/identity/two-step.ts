/** People with a second factor, and the codes that their app would show. */

import { newId } from '@/lib/core/ids'
import { codeAt } from '@/lib/features/identity/totp'
import { confirmSecondFactor, offerSecondFactor } from '@/lib/flows/set-up-second-factor'
import { goodPassword, type Kit } from './kit'

export interface TwoStep {
  secret: string
  /** Recovery codes. */
  codes: string[]
  /** What the app shows now, or so many steps later. */
  code(later?: number): string
  /** Codes that were taken count again: a test does not wait for half a minute. */
  rewind(): Promise<void>
}

/** Their address is confirmed, as it must be; it was all set up an hour ago. */
export async function withSecondFactor(kit: Kit, userId: string): Promise<TwoStep> {
  const { user, secondFactor } = kit.services.database.system
  await user.update({ where: { id: userId }, data: { emailVerifiedAt: new Date() } })
  const ctx = kit.ctx({ kind: 'user', userId }, '', -3_600_000)
  const sessionId = newId()
  const { secret } = await offerSecondFactor(ctx, { password: goodPassword, sessionId })
  const input = { code: codeAt(secret, ctx.now()), sessionId }
  const { codes } = await confirmSecondFactor(ctx, input)
  return {
    secret,
    codes,
    code: (later = 0) => codeAt(secret, new Date(Date.now() + later * 30_000)),
    rewind: async () => void (await secondFactor.update({ where: { userId }, data: { lastStep: 0 } })),
  }
}

/** Six digits that are no code of these minutes. */
export function wrongCode({ code }: TwoStep): string {
  const right = new Set([-1, 0, 1, 2].map((later) => code(later)))
  for (let number = 100_000; ; number++) if (!right.has(String(number))) return String(number)
}
