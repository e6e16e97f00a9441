/** People: found by address, made, changed. All on the system role, since a person belongs to no single account. */
import { AppError } from '@/lib/core/errors'
import { closestLocale, type Locale } from '@/lib/core/locale'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import { endAllSessions } from './sessions'

export interface NewUser {
  email: string
  name: string
  passwordHash: string | null
  locale: Locale
  /** True when the person came through a secret mailed to the address or a provider that vouches for it. */
  verified: boolean
}

/** Makes the person; the installation's first one runs it. @throws email_taken */
export async function addUser(tx: Tx, ctx: Ctx, user: NewUser): Promise<{ id: string; operator: boolean }> {
  // One after another: two first people at once would both become operators, or neither would see the other's address.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('lingxi add user'))`
  if (await tx.user.findUnique({ where: { email: user.email }, select: { id: true } })) {
    throw new AppError('email_taken', { field: 'email' })
  }
  const operator = (await tx.user.findFirst({ select: { id: true } })) === null
  const id = ctx.newId()
  await tx.user.create({
    data: {
      id,
      email: user.email,
      name: user.name,
      passwordHash: user.passwordHash,
      locale: user.locale,
      operator,
      emailVerifiedAt: user.verified ? ctx.now() : null,
      createdAt: ctx.now(),
    },
  })
  return { id, operator }
}

export interface BroughtPerson {
  id: string
  email: string
  name: string
  locale: string
}

/** Who of these people is here, by address; and whose id is somebody else's. False for `anyone` where nobody has signed up yet. */
export async function knownAmong(tx: Tx, people: readonly BroughtPerson[]) {
  const select = { id: true, email: true } as const
  const anyone = (await tx.user.findFirst({ select: { id: true } })) !== null
  const byEmail = await tx.user.findMany({ where: { email: { in: people.map(({ email }) => email) } }, select })
  const byId = await tx.user.findMany({ where: { id: { in: people.map(({ id }) => id) } }, select })
  return {
    anyone,
    byEmail: new Map(byEmail.map(({ email, id }) => [email, id])),
    ids: new Set(byId.map(({ id }) => id)),
  }
}

/** People who come with an account: without a password, and with nothing proved; a link by mail lets them in. */
export async function bringUsers(tx: Tx, ctx: Ctx, people: readonly BroughtPerson[]): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('lingxi add user'))`
  await tx.user.createMany({ data: people.map((one) => ({ ...one, createdAt: ctx.now() })) })
}

const person = {
  id: true,
  email: true,
  name: true,
  passwordHash: true,
  locale: true,
  disabledAt: true,
  secondFactorAt: true,
  emailVerifiedAt: true,
} as const

export const userByEmail = (tx: Tx, email: string) => tx.user.findUnique({ where: { email }, select: person })
export const userById = (tx: Tx, id: string) => tx.user.findUnique({ where: { id }, select: person })
export type Person = NonNullable<Awaited<ReturnType<typeof userById>>>

/**
 * The person proved that the address is theirs. Whoever set a password before that proof may have been someone else
 * who typed this address first: that password and those sessions end.
 */
export async function proveAddress(tx: Tx, ctx: Ctx, userId: string): Promise<void> {
  const { count } = await tx.user.updateMany({
    where: { id: userId, emailVerifiedAt: null },
    data: { emailVerifiedAt: ctx.now(), passwordHash: null, sessionVersion: { increment: 1 } },
  })
  if (count) await tx.signInToken.deleteMany({ where: { userId, usedAt: null } })
}

/** A new password; every session but `keep` dies. */
export async function setPassword(
  tx: Tx,
  userId: string,
  passwordHash: string,
  keep: string | null,
  proof: Date | null = null,
): Promise<void> {
  const data = { passwordHash, ...(proof ? { emailVerifiedAt: proof } : {}) }
  await tx.user.update({ where: { id: userId }, data, select: { id: true } })
  await tx.signInToken.deleteMany({ where: { userId, usedAt: null } })
  await endAllSessions(tx, userId, keep)
}

export interface Profile {
  id: string
  name: string
  email: string
  locale: Locale
  operator: boolean
  hasPassword: boolean
  verified: boolean
  /** Since when a sign-in asks for a code. */
  secondFactorAt: Date | null
  /** Slug of the account they opened last; it may be gone. */
  lastAccount: string | null
}

export async function readProfile(tx: Tx, userId: string): Promise<Profile> {
  const row = await tx.user.findUnique({ where: { id: userId } })
  if (!row) throw new AppError('not_found')
  return {
    id: userId,
    name: row.name,
    email: row.email,
    locale: closestLocale(row.locale),
    operator: row.operator,
    hasPassword: row.passwordHash !== null,
    verified: row.emailVerifiedAt !== null,
    secondFactorAt: row.secondFactorAt,
    lastAccount: (row.preferences as { lastAccount?: string }).lastAccount ?? null,
  }
}

/** Remembers which account to open first. */
export async function rememberAccount(tx: Tx, userId: string, slug: string): Promise<void> {
  await tx.$executeRaw`UPDATE "user" SET preferences = jsonb_set(preferences, '{lastAccount}', to_jsonb(${slug}::text)) WHERE id = ${userId}::uuid`
}

export async function changeProfile(tx: Tx, userId: string, change: { name?: string; locale?: Locale }): Promise<void> {
  await tx.user.update({ where: { id: userId }, data: change })
}
