/** What takes as long as an account is large, on connections of its own: reading it at one moment, loading it whole, being alone meanwhile. */
import { AppError, isAppError } from '../../core/errors'
import type { Ctx } from '../context'
import { openLong, openSession } from './database'
import type { Tx } from './in-account'
import { asAppError } from './trouble'

/** Milliseconds. */
const longest = 12 * 3_600_000
const limits = { maxWait: 8_000, timeout: longest }
const longestPause = 120_000
/** In this process; each holds a connection for as long as somebody downloads. */
const mostReaders = 4
let readers = 0

async function enter(tx: Tx, ctx: Ctx): Promise<void> {
  await tx.$executeRaw`SELECT set_config('app.account_id', ${ctx.accountId}, true)`
}

/**
 * Reads as the account was at one moment: what changes meanwhile is not seen, so no row names one that is not there. It writes nothing,
 * so nobody's news wait for it. Under the account's policies, as inAccount is.
 */
export async function* atOneMoment<T>(ctx: Ctx, read: (tx: Tx) => AsyncGenerator<T>): AsyncGenerator<T> {
  if (readers >= mostReaders) throw new AppError('busy', { retryAfter: 60 })
  readers++
  const client = openLong(ctx.services.database.appUrl, 'lingxi read')
  let begin: (begun: { tx: Tx }) => void = () => {}
  let fail: (error: unknown) => void = () => {}
  const begun = new Promise<{ tx: Tx }>((resolve, reject) => {
    begin = resolve
    fail = reject
  })
  let end: () => void = () => {}
  const done = new Promise<void>((resolve) => {
    end = resolve
  })
  let held = true
  /** Gives the place and the transaction back, once; statements fail afterwards. */
  const release = () => {
    if (held) readers--
    held = false
    end()
  }
  const whole = client.$transaction(
    async (tx) => {
      await tx.$executeRaw`SET TRANSACTION READ ONLY`
      await enter(tx, ctx)
      begin({ tx })
      await done
    },
    { ...limits, isolationLevel: 'RepeatableRead' },
  )
  // Whoever waits for the beginning hears of it; afterwards the statements themselves fail.
  whole.catch(fail)
  let stalled: NodeJS.Timeout | undefined
  try {
    const { tx } = await begun
    for await (const part of read(tx)) {
      // Somebody who stopped reading and stays must not keep others from it.
      stalled = setTimeout(release, longestPause)
      yield part
      clearTimeout(stalled)
    }
  } catch (error) {
    throw isAppError(error) ? error : asAppError(error)
  } finally {
    clearTimeout(stalled)
    release()
    await whole.catch(() => {})
    await client.$disconnect()
  }
}

/**
 * Runs `work` in one transaction of the context's account, however long it takes. It must tell no news: they would be passed over
 * (see news_horizon in the migrations). What it labels is not counted as used, and memberships may name people who are added by
 * another role before it commits.
 */
export async function loadWhole<T>(ctx: Ctx, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = openLong(ctx.services.database.appUrl, 'lingxi load')
  try {
    return await client.$transaction(async (tx) => {
      await enter(tx, ctx)
      await awaitLoad(tx, ctx.accountId)
      await tx.$executeRaw`SELECT set_config('app.brought', 'on', true)`
      await tx.$executeRaw`SET CONSTRAINTS "membership_user_id_fkey" DEFERRED`
      return work(tx)
    }, limits)
  } catch (error) {
    throw isAppError(error) ? error : asAppError(error)
  } finally {
    await client.$disconnect()
  }
}

/** Waits until no transaction loads the account, not even one whose client has gone: what it wrote is there then, or never will be. */
export async function awaitLoad(tx: Tx, accountId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('load ' || ${accountId}, 0))`
}

/**
 * Runs `work` while nobody else, in any process, does what has the same name. No transaction is open meanwhile.
 * @param work gets a question: whether it is still alone, also after the database was away @throws conflict
 */
export async function alone<T>(
  { services }: Ctx,
  name: string,
  work: (still: () => Promise<boolean>) => Promise<T>,
): Promise<T> {
  const client = openSession(services.database.appUrl)
  try {
    try {
      await client.connect()
      const lock = 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS mine'
      const { rows } = await client.query<{ mine: boolean }>(lock, [name])
      if (!rows[0]?.mine) throw new AppError('conflict')
    } catch (error) {
      throw isAppError(error) ? error : asAppError(error)
    }
    return await work(() =>
      client.query('SELECT').then(
        () => true,
        () => false,
      ),
    )
  } finally {
    await client.end().catch(() => {})
  }
}
