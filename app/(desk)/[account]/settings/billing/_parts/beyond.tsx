/** What messages beyond the plan may cost a month, and at which amount owners get a mail. */
'use client'

import { useLocale, useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Field } from '@/app/_ui/field'
import { Input } from '@/app/_ui/input'
import { toast, toastError } from '@/app/_ui/toast'
import { formatPrice } from '@/app/(site)/pricing/_parts/plan-list'
import type { Spend } from '@/lib/features/billing/rules'
import type { Billing } from '@/lib/flows/read-billing'
import { Section } from '../../_parts/page-frame'

export function Beyond({
  billing: { beyond, subscription, managed },
  may,
  save,
}: {
  billing: Billing
  may: boolean
  save: (spend: Spend) => Promise<void>
}) {
  const t = useTranslations('billing.spend')
  const common = useTranslations('common')
  const locale = useLocale()
  const [cap, setCap] = useState(String(beyond.cap / 100))
  const [alert, setAlert] = useState(beyond.alert === null ? '' : String(beyond.alert / 100))
  const [busy, setBusy] = useState(false)
  if (beyond.price === null || !subscription || !managed) return null
  const currency = subscription.currency.toUpperCase()
  const price = (amount: number) => formatPrice(amount, subscription.currency, locale)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      const mails = alert && !nothing
      await save({ cap: Math.round(Number(cap) * 100), alert: mails ? Math.round(Number(alert) * 100) : null })
      toast(common('saved'))
    } catch (error) {
      toastError(error)
    } finally {
      setBusy(false)
    }
  }
  // No amount is ever reached, so there is none to be told of.
  const nothing = !(Number(cap) > 0)
  const amount = { type: 'number', min: 0, step: 1, max: 1_000_000, inputMode: 'numeric', disabled: !may } as const
  return (
    <Section title={t('title')} lead={t('lead', { price: price(beyond.price) })}>
      <form onSubmit={submit} className="panel flex flex-wrap items-start gap-x-4 gap-y-3 p-4">
        <Field label={t('cap', { currency })} hint={t('capHint')} className="basis-64">
          <Input {...amount} required value={cap} onChange={(event) => setCap(event.target.value)} />
        </Field>
        <Field label={t('alert', { currency })} hint={t('alertHint')} optional className="basis-64">
          <Input
            {...amount}
            min={1}
            max={nothing ? undefined : Number(cap)}
            disabled={!may || nothing}
            value={nothing ? '' : alert}
            onChange={(event) => setAlert(event.target.value)}
          />
        </Field>
        {may ? (
          <Button type="submit" busy={busy} className="md:mt-6">
            {common('save')}
          </Button>
        ) : null}
        <p className="basis-full text-ink-2">
          {t('so', { cost: price(beyond.cost), cap: price(beyond.cap) })}{' '}
          {beyond.forecast && beyond.forecast > beyond.cost ? t('forecast', { cost: price(beyond.forecast) }) : ''}{' '}
          {subscription.state === 'trialing' ? t('trial') : beyond.cap === 0 ? t('zero') : ''}
        </p>
      </form>
    </Section>
  )
}
