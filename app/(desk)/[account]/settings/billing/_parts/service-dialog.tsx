/** Before a service begins or ends: its price, when it is charged, and what goes with it. */
'use client'

import { useLocale, useTranslations } from 'next-intl'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { formatPrice } from '@/app/(site)/pricing/_parts/plan-list'
import { type AddOn, addOns, type Currency } from '@/lib/features/billing/plans'
import type { Billing } from '@/lib/flows/read-billing'
import { Charged } from '../../_parts/charged'
import { afterwards, serviceSaid } from './said'

export function ServiceDialog({
  billing,
  name,
  on,
  currency,
  onClose,
  onConfirm,
}: {
  billing: Billing
  name: AddOn
  /** It begins. */
  on: boolean
  currency: Currency
  onClose: () => void
  onConfirm: () => void
}) {
  const t = useTranslations('billing')
  const common = useTranslations('common')
  const locale = useLocale()
  const price = formatPrice(addOns[name][currency], currency, locale)
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t(on ? 'addOn.begin' : 'addOn.finish', { name: t(`addOn.${name}.name`) })}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button look="primary" onClick={onConfirm}>
            {t(on ? 'addOn.beginIt' : 'addOn.finishIt')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-2 text-pretty">
        {on ? (
          <p>
            <strong>{t('addOn.price', { price })}</strong>
            <br />
            {t('addOn.goesOn')}
          </p>
        ) : (
          <p>{t(`addOn.${name}.ends`)}</p>
        )}
        <Charged wish={{ of: 'service', addOn: name, on }} afterwards={afterwards(billing)} />
        <p className="text-ink-2">
          {t(serviceSaid(billing, name, on))} {billing.provider === 'demo' ? t('demo') : ''}
        </p>
      </div>
    </Dialog>
  )
}
