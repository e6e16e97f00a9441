/** Sessions: one row per signed-in browser; a cookie only names a row, and every request asks whether the row still lives. */
import { AppError } from '@/lib/core/errors'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'

/** Days after which a person signs in again. */
export const sessionDays = 30
/** How often "last seen" is written, milliseconds. */
export const seenEvery = 5 * 60_000

export interface LiveSession {
  userId: string
  sessionId: string
  name: string
  email: string
  locale: string
  operator: boolean
  lastSeenAt: Date
  /** It is older than a role that its person has, and has no successor. */
  aged: boolean
}

/** A sign-in that is about to become a session. */
export interface SignIn {
  userAgent: string
  /** The browser's earlier session: it ends. */
  replaces: string | null
  /** The person gave a code, or a provider that we believe asked for their second factor. */
  secondFactor: boolean
}

/** A new row with an id never used before. @throws second_factor_needed: no way in steps around it */
export async function addSession(
  tx: Tx,
  ctx: Ctx,
  userId: string,
  { userAgent, replaces, secondFactor }: SignIn,
): Promise<string> {
  const select = { sessionVersion: true, disabledAt: true, secondFactorAt: true } as const
  const user = await tx.user.findUnique({ where: { id: userId }, select })
  if (!user || user.disabledAt) throw new AppError('sign_in_failed')
  if (user.secondFactorAt && !secondFactor) throw new AppError('second_factor_needed')
  const id = ctx.newId()
  const now = ctx.now()
  if (replaces) await endSession(tx, ctx, userId, replaces)
  await tx.userSession.create({
    data: {
      id,
      userId,
      version: user.sessionVersion,
      userAgent: userAgent.slice(0, 300),
      createdAt: now,
      signedInAt: now,
      lastSeenAt: now,
      expiresAt: new Date(now.getTime() + sessionDays * 86_400_000),
    },
  })
  return id
}

/** The newest role that a person was given, in whichever account. */
const lastRole = {
  where: { disabledAt: null, roleChangedAt: { not: null } },
  orderBy: { roleChangedAt: 'desc' },
  take: 1,
  select: { roleChangedAt: true },
} as const

/** The session and its person while both are allowed in, else null. */
export async function readSession(tx: Tx, userId: string, sessionId: string, now: Date): Promise<LiveSession | null> {
  const row = await tx.userSession.findUnique({
    where: { id: sessionId },
    include: { user: { include: { memberships: lastRole } } },
  })
  if (!row || row.userId !== userId) return null
  const ended = row.revokedAt !== null && row.revokedAt <= now
  if (ended || row.expiresAt <= now || row.version !== row.user.sessionVersion || row.user.disabledAt) return null
  const { name, email, locale, operator } = row.user
  const roleSince = row.user.memberships[0]?.roleChangedAt
  const aged = row.revokedAt === null && !!roleSince && roleSince > row.createdAt
  return { userId, sessionId, name, email, locale, operator, lastSeenAt: row.lastSeenAt, aged }
}

export const touchSession = (tx: Tx, sessionId: string, now: Date) =>
  tx.userSession.updateMany({ where: { id: sessionId }, data: { lastSeenAt: now } })

/** Ends one session of the person; false when it is not theirs or has ended before. */
export async function endSession(tx: Tx, ctx: Ctx, userId: string, sessionId: string): Promise<boolean> {
  const where = { id: sessionId, userId, OR: [{ revokedAt: null }, { revokedAt: { gt: ctx.now() } }] }
  return (await tx.userSession.updateMany({ where, data: { revokedAt: ctx.now() } })).count === 1
}

/**
 * The session goes on under a new id; the old one ends after `grace` milliseconds, so that requests on their way still count.
 * Of many at once one gets the successor, the others null.
 */
export async function succeedSession(
  tx: Tx,
  ctx: Ctx,
  userId: string,
  sessionId: string,
  grace: number,
): Promise<{ sessionId: string; expiresAt: Date } | null> {
  const now = ctx.now()
  const { count } = await tx.userSession.updateMany({
    where: { id: sessionId, userId, revokedAt: null, expiresAt: { gt: now } },
    data: { revokedAt: new Date(now.getTime() + grace) },
  })
  if (count !== 1) return null
  const { version, userAgent, signedInAt, expiresAt } = await tx.userSession.findUniqueOrThrow({
    where: { id: sessionId },
  })
  const id = ctx.newId()
  await tx.userSession.create({
    data: { id, userId, version, userAgent, createdAt: now, signedInAt, lastSeenAt: now, expiresAt },
  })
  return { sessionId: id, expiresAt }
}

/** Ends every session of the person but `keep`, with them every cookie ever made, and every sign-in that waits for its code. */
export async function endAllSessions(tx: Tx, userId: string, keep: string | null = null): Promise<void> {
  const data = { sessionVersion: { increment: 1 } }
  const { sessionVersion } = await tx.user.update({ where: { id: userId }, data, select: { sessionVersion: true } })
  await tx.signInToken.deleteMany({ where: { userId, purpose: 'code', usedAt: null } })
  if (keep) await tx.userSession.updateMany({ where: { id: keep, userId }, data: { version: sessionVersion } })
}

/** Whether the session began with a sign-in after that moment. */
export async function signedInSince(tx: Tx, userId: string, sessionId: string, moment: Date): Promise<boolean> {
  return (await tx.userSession.count({ where: { id: sessionId, userId, signedInAt: { gt: moment } } })) > 0
}

export interface ListedSession {
  id: string
  userAgent: string
  createdAt: Date
  lastSeenAt: Date
  /** Of the browser that asks. */
  current: boolean
}

/** The living sessions of a person, the most recently used first. @param asking the session that asks, or whose successor the browser has by now */
export async function listSessions(tx: Tx, ctx: Ctx, userId: string, asking: string): Promise<ListedSession[]> {
  const user = await tx.user.findUnique({ where: { id: userId }, select: { sessionVersion: true } })
  const own = await tx.userSession.findFirst({ where: { id: asking, userId }, select: { signedInAt: true } })
  const rows = await tx.userSession.findMany({
    where: { userId, revokedAt: null, expiresAt: { gt: ctx.now() }, version: user?.sessionVersion ?? -1 },
    orderBy: { lastSeenAt: 'desc' },
    select: { id: true, userAgent: true, createdAt: true, lastSeenAt: true, signedInAt: true },
    take: 50,
  })
  // A session and what succeeded it began with one sign-in.
  return rows.map(({ signedInAt, ...row }) => ({ ...row, current: signedInAt.getTime() === own?.signedInAt.getTime() }))
}
