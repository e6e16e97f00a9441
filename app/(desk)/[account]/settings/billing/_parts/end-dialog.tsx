/** A plan that ends: what goes with it, services too, and what will be above the Free plan's limits. Said before it is ended, and while it is ending. */
'use client'

import { useLocale, useTranslations } from 'next-intl'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { formatPrice } from '@/app/(site)/pricing/_parts/plan-list'
import type { Billing } from '@/lib/flows/read-billing'
import { LostList, OverList } from './plan-dialog'
import { lastUse, messagesAfter } from './said'

export function EndDialog({
  billing,
  date,
  due,
  onClose,
  onConfirm,
}: {
  billing: Billing
  date: string
  /** Until when a payment is due; empty when none is. */
  due: string
  onClose: () => void
  onConfirm: () => void
}) {
  const t = useTranslations('billing')
  const common = useTranslations('common')
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('dialog.end')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button look="primary" onClick={onConfirm}>
            {t('end')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-2 text-pretty">
        <p>{t('state.ending', { date })}</p>
        {due ? (
          <p>
            <strong>{t('dialog.debt', { due })}</strong>
          </p>
        ) : null}
        <EndLists billing={billing} />
      </div>
    </Dialog>
  )
}

/** What the end of the plan takes along. */
export function EndLists({ billing }: { billing: Billing }) {
  const t = useTranslations('billing')
  const locale = useLocale()
  const list = new Intl.ListFormat(locale)
  const cap = lastUse(billing)
  const bought = billing.addOns.filter(({ on }) => on)
  const lists = [
    { lead: 'dialog.services', services: bought.filter(({ own }) => !own) },
    { lead: 'dialog.goOn', services: bought.filter(({ own }) => own) },
  ] as const
  return (
    <>
      {cap && billing.subscription ? (
        <p>{t('dialog.lastUse', { cap: formatPrice(cap, billing.subscription.currency, locale) })}</p>
      ) : null}
      {lists.map(({ lead, services }) =>
        services.length ? (
          <div key={lead}>
            <p>{t(lead)}</p>
            <ul className="list-disc ps-5">
              {services.map(({ name }) => (
                <li key={name}>{t(`addOn.${name}.name`)}</li>
              ))}
            </ul>
          </div>
        ) : null,
      )}
      <LostList lost={billing.lost.free} lead={t('dialog.lostEnd')} />
      <OverList
        over={billing.over.free}
        messages={messagesAfter(billing, 'free')}
        plan="free"
        includes={billing.after.free.includes}
      />
      {billing.waits.length ? (
        <p>{t('dialog.waits', { count: billing.waits.length, names: list.format(billing.waits) })}</p>
      ) : null}
    </>
  )
}
