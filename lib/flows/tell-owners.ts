/** Mails the owners of an account about its billing and its model, and all who manage it about its webhooks, each in their own language. */
import { publicUrl } from '@/lib/core/env'
import { idFrom } from '@/lib/core/ids'
import { closestLocale, type Locale } from '@/lib/core/locale'
import type { Interval } from '@/lib/features/billing/plans'
import { composeMail, type MailKind } from '@/lib/features/mail/compose'
import { queueMail } from '@/lib/features/mail/write'
import type { Ctx, Role } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import { say } from '@/lib/words/say'

/** What a mail mentions; amounts and dates become words of the reader's language. */
export interface Facts {
  plan?: string
  date?: Date | null
  /** One of its days; UTC. */
  month?: Date
  amount?: number
  cap?: number
  /** What it cost before. */
  was?: number
  /** Of a thousand messages beyond the plan. */
  beyond?: number
  /** What is charged next, on the `date`. */
  next?: number
  currency?: string
  /** Conversations are erased after a time that the account chose. */
  keeps?: boolean
  /** No money moves. */
  demo?: boolean
  /** The messages of a month. */
  count?: number
  /** What brings labels back, as `moreLabels` says it. */
  more?: string
  /** How often a plan is paid. */
  every?: Interval
  /** How often before. */
  wasEvery?: Interval
  /** Number of a version of the account's model. */
  version?: number
  /** Of people. */
  names?: readonly string[]
  /** Of an endpoint's address. */
  host?: string
}

const money = (amount: number, currency: string, locale: Locale): string =>
  new Intl.NumberFormat(locale, { style: 'currency', currency: currency.toUpperCase() }).format(amount / 100)

function inWords(facts: Facts, locale: Locale): Record<string, string> {
  const { plan, date, currency = 'usd', demo = false, count, every, wasEvery, more, version = '', host = '' } = facts
  return {
    plan: plan ? (say(locale, 'billing', `plan.${plan}`, {}) ?? plan) : '',
    date: date ? new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(date) : '',
    month: facts.month
      ? new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(facts.month)
      : '',
    ...Object.fromEntries(
      (['amount', 'cap', 'was', 'beyond', 'next'] as const).map((name) => {
        const amount = facts[name]
        return [name, amount === undefined ? '' : money(amount, currency, locale)]
      }),
    ),
    demo: String(demo),
    keeps: String(facts.keeps ?? false),
    names: new Intl.ListFormat(locale).format(facts.names ?? []),
    charged: String(facts.next !== undefined),
    count: count === undefined ? '' : new Intl.NumberFormat(locale).format(count),
    more: more ? (say(locale, 'mail', `labelsUsedUp.more.${more}`) ?? '') : '',
    every: every ? (say(locale, 'mail', `every.${every}`, {}) ?? every) : '',
    wasEvery: wasEvery ? (say(locale, 'mail', `every.${wasEvery}`, {}) ?? wasEvery) : '',
    version: String(version),
    host,
  }
}

const placeOf: Partial<Record<MailKind, string>> = {
  ...{ versionGaveWay: 'models', versionRefused: 'models', modelDrift: 'models' },
  peopleWait: 'settings/team',
  ...{ webhookFailing: 'settings/webhooks', webhookGone: 'settings/webhooks' },
}

/**
 * @param cause names the occasion: for the same one, each of them gets one mail however often this is tried
 * @returns whether somebody is told for the first time
 */
export const tellOwners = (tx: Tx, ctx: Ctx, kind: MailKind, cause: string, facts: Facts): Promise<boolean> =>
  tellRoles(tx, ctx, ['owner'], kind, cause, facts)

/** The same for owners and admins. */
export const tellManagers = (tx: Tx, ctx: Ctx, kind: MailKind, cause: string, facts: Facts): Promise<boolean> =>
  tellRoles(tx, ctx, ['owner', 'admin'], kind, cause, facts)

async function tellRoles(
  tx: Tx,
  ctx: Ctx,
  roles: Role[],
  kind: MailKind,
  cause: string,
  facts: Facts,
): Promise<boolean> {
  const { accountId } = ctx
  const { name, slug } = await tx.account.findUniqueOrThrow({
    where: { id: accountId },
    select: { name: true, slug: true },
  })
  const people = await tx.membership.findMany({
    where: { accountId, role: { in: roles }, disabledAt: null },
    select: { userId: true, user: { select: { email: true, locale: true } } },
  })
  const link = `${publicUrl(ctx.services.env)}/${slug}/${placeOf[kind] ?? 'settings/billing'}`
  let first = false
  for (const { userId, user } of people) {
    const locale = closestLocale(user.locale)
    const mail = composeMail(locale, kind, { account: name, ...inWords(facts, locale) }, link)
    if (await queueMail(tx, ctx, { id: idFrom(`${cause} ${userId}`), to: user.email, ...mail })) first = true
  }
  return first
}
