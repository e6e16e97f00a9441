/** Says what a change of plan means before it happens: the price for the people there are, when it begins, and what would be over its limits. */
'use client'

import { useLocale, useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { toastError } from '@/app/_ui/toast'
import { formatPrice, type Terms } from '@/app/(site)/pricing/_parts/plan-list'
import { includesAddOn, type PlanName, plans, trialDays } from '@/lib/features/billing/plans'
import type { Over } from '@/lib/features/billing/rules'
import type { Billing } from '@/lib/flows/read-billing'
import { Charged } from '../../_parts/charged'
import { afterwards, chargeSaid, messagesAfter, takenBack } from './said'

export function PlanDialog({
  billing,
  wanted: { plan, terms },
  onClose,
  onConfirm,
}: {
  billing: Billing
  wanted: { plan: Exclude<PlanName, 'free'>; terms: Terms }
  onClose: () => void
  onConfirm: () => Promise<void>
}) {
  const t = useTranslations('billing')
  const common = useTranslations('common')
  const locale = useLocale()
  const [busy, setBusy] = useState(false)
  const demo = billing.provider === 'demo'
  const first = !billing.subscription || !billing.managed
  const each = plans[plan].price[terms.currency][terms.interval]
  const people = Math.max(1, billing.people)
  const price = (amount: number) => formatPrice(amount, terms.currency, locale)
  const over = billing.over[plan]
  const { includes, opens } = billing.after[plan]
  const end = takenBack(billing)
  const covered = billing.addOns.filter(({ name, on }) => on && includesAddOn(plan, name))
  const confirm = async () => {
    setBusy(true)
    await onConfirm().catch(toastError)
    setBusy(false)
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t(billing.trial ? 'dialog.try' : first ? 'dialog.take' : 'dialog.title', {
        plan: t(`plan.${plan}`),
        days: trialDays,
      })}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button look="primary" busy={busy} disabled={opens !== null} onClick={confirm}>
            {billing.trial || !first
              ? t(billing.trial ? 'dialog.begin' : end ? 'dialog.confirmGoesOn' : 'dialog.confirm')
              : t('choose', { plan: t(`plan.${plan}`) })}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-2 text-pretty">
        {opens ? (
          <p role="status">
            {t('dialog.opens', {
              plan: t(`plan.${plan}`),
              date: new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' }).format(new Date(opens)),
            })}
          </p>
        ) : null}
        <p>
          {t('dialog.price', { count: people, price: price(each), per: t(`per.${terms.interval}`) })}
          <br />
          <strong>{t('dialog.total', { price: price(each * people) })}</strong>
        </p>
        {opens === null ? <Charged wish={{ of: 'plan', plan, ...terms }} afterwards={afterwards(billing)} /> : null}
        <p className="text-ink-2">
          {t(chargeSaid(billing, terms.interval))} {demo ? t('demo') : billing.trial ? t('dialog.trial') : ''}
        </p>
        {opens === null && includes !== plans[plan].messages ? (
          <p className="text-ink-2">{t('dialog.byTime', { count: includes, whole: plans[plan].messages })}</p>
        ) : null}
        {end ? (
          <p>
            <strong>
              {t('dialog.goesOn', {
                plan: t(`plan.${plan}`),
                date: new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(new Date(end)),
              })}
            </strong>
          </p>
        ) : null}
        <Beyond billing={billing} plan={plan} terms={terms} />
        {covered.length ? (
          <ul>
            {covered.map(({ name }) => (
              <li key={name}>
                <strong>{t(`addOn.${name}.name`)}</strong> · {t('dialog.covers', { plan: t(`plan.${plan}`) })}
              </li>
            ))}
          </ul>
        ) : null}
        <LostList lost={billing.lost[plan]} lead={t('dialog.lost')} />
        {opens ? null : (
          <OverList
            over={over}
            messages={messagesAfter(billing, plan, terms.currency)}
            plan={plan}
            includes={includes}
          />
        )}
      </div>
    </Dialog>
  )
}

/** What messages beyond the new plan cost, where that is not what they cost now; the cap is the customer's and stays with its currency. */
function Beyond({ billing, plan, terms }: { billing: Billing; plan: Exclude<PlanName, 'free'>; terms: Terms }) {
  const t = useTranslations('billing')
  const locale = useLocale()
  const { price: was, said: kept } = billing.beyond
  const next = plans[plan].overage?.[terms.currency]
  if (!next) return null
  const price = (amount: number) => formatPrice(amount, terms.currency, locale)
  const said = was === null || was === next ? 'dialog.beyond' : 'dialog.beyondWas'
  const stays = kept?.currency === terms.currency ? 'dialog.cap' : 'dialog.capGoes'
  const cap = kept?.cap ? formatPrice(kept.cap, kept.currency ?? terms.currency, locale) : null
  return (
    <p className="text-ink-2">
      {t(said, { price: price(next), was: price(was ?? next) })} {cap ? t(stays, { cap }) : ''}
    </p>
  )
}

/** What the account has now and will not have. */
export function LostList({ lost, lead }: { lost: Billing['lost']['free']; lead: string }) {
  const t = useTranslations('billing.included')
  if (!lost.length) return null
  return (
    <>
      <p>{lead}</p>
      <ul className="list-disc ps-5">
        {lost.map((feature) => (
          <li key={feature}>{t(feature)}</li>
        ))}
      </ul>
    </>
  )
}

/** What the account has more of than a plan includes, and what becomes of it. */
export function OverList({
  over,
  messages,
  plan,
  includes,
}: {
  over: Over[]
  messages: ReturnType<typeof messagesAfter>
  plan: PlanName
  /** Messages of this month. */
  includes: number
}) {
  const t = useTranslations('billing')
  const things = over.filter(({ measure }) => measure !== 'messages')
  const labelled = messages && over.find(({ measure, used }) => measure === 'messages' && used > includes)
  return (
    <>
      {things.length ? (
        <>
          <p>{t('dialog.over')}</p>
          <ul className="list-disc ps-5">
            {things.map(({ measure, used, limit }) => (
              <li key={measure}>{t('dialog.overLine', { measure: t(`measure.${measure}`), used, limit })}</li>
            ))}
          </ul>
        </>
      ) : null}
      {labelled ? <p>{t(messages, { used: labelled.used, limit: includes, plan: t(`plan.${plan}`) })}</p> : null}
    </>
  )
}
