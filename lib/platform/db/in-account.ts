/** The only door to account data: a transaction as the app role with the account set, under forced row-level security. */
import { AppError } from '../../core/errors'
import { isId } from '../../core/ids'
import type { Ctx, Services } from '../context'
import type { Prisma } from './generated/client'
import { asAppError, isAway, isClash, isSilent } from './trouble'

export type Tx = Prisma.TransactionClient

/** Transactions that told news: followers are woken after the commit. */
const told = new WeakSet<object>()
/** @see tell in platform/events */
export const markTold = (tx: Tx): void => void told.add(tx)

const tries = 4

/**
 * Runs `work` in one transaction that sees and writes the rows of `ctx.accountId` only. No network call belongs inside:
 * it holds a connection. A deadlock or serialisation clash runs `work` again, so it must not touch the world outside.
 */
export async function inAccount<T>(ctx: Ctx, work: (tx: Tx) => Promise<T>): Promise<T> {
  if (!isId(ctx.accountId)) throw new AppError('not_found')
  for (let attempt = 1; ; attempt++) {
    try {
      let news = false
      const result = await ctx.services.database.app.$transaction(
        async (tx) => {
          await tx.$executeRaw`SELECT set_config('app.account_id', ${ctx.accountId}, true)`
          const value = await work(tx)
          news = told.has(tx)
          return value
        },
        { maxWait: 4_000, timeout: 12_000 },
      )
      if (news) ctx.services.bus.wake(ctx.accountId)
      return result
    } catch (error) {
      if (isClash(error) && attempt < tries) continue
      throw asAppError(error)
    }
  }
}

/**
 * Calls one of the SQL functions that set the account themselves: one statement, one round trip, its own transaction.
 * Their first parameter is the account (or a batch whose items name theirs), checked here.
 */
export async function callInAccount<R extends object>(
  services: Pick<Services, 'database'>,
  call: { name: string; text: string },
  values: unknown[],
): Promise<R[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      const result = await services.database.statements.query<R>({ ...call, values })
      return result.rows
    } catch (error) {
      if (isClash(error) && attempt < tries) continue
      // A connection that was cut before our statement reached the server is simply replaced, once, for reads and
      // for batches whose repetition is harmless (client ids).
      const again = isAway(error) && !isSilent(error) && (error as { code?: string }).code !== '53100'
      if (again && attempt === 1) continue
      throw asAppError(error)
    }
  }
}
