/** The billing page: the plan in a sentence, what was used of it this month, and the plans to change to. */
'use client'

import FlaskConical from 'lucide-react/icons/flask-conical'
import { useLocale, useTranslations } from 'next-intl'
import { useCallback, useEffect, useState } from 'react'
import { useApi } from '@/app/_ui/account'
import { Button } from '@/app/_ui/button'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { toast, toastError } from '@/app/_ui/toast'
import { formatPrice, PlanList, type Terms } from '@/app/(site)/pricing/_parts/plan-list'
import { canManageAccount, canManageBilling } from '@/lib/features/accounts/permissions'
import { hasEnded } from '@/lib/features/billing/from-stripe'
import { currencies, intervals, type PlanName, planNames, trialDays } from '@/lib/features/billing/plans'
import { mayBuy } from '@/lib/features/billing/rules'
import type { Billing } from '@/lib/flows/read-billing'
import { PageFrame, Section, useMay } from '../../_parts/page-frame'
import { useSettings } from '../../_parts/use-settings'
import { AddOns } from './add-ons'
import { BackNote, useReturn } from './back'
import { Beyond } from './beyond'
import { EndDialog, EndLists } from './end-dialog'
import { Invoices } from './invoices'
import { PlanDialog } from './plan-dialog'
import { isOver, mayChange, paidSaid, planSaid } from './said'
import { Usage } from './usage'

type Changed = Billing & { url: string | null }
type Wanted = { plan: Exclude<PlanName, 'free'>; terms: Terms }

/** The plan that somebody chose among the public prices: asked about once, and taken out of the address. */
function useChosen(): Wanted | null {
  const [chosen, setChosen] = useState<Wanted | null>(null)
  useEffect(() => {
    const url = new URL(window.location.href)
    const of = <T extends string>(name: string, known: readonly T[]) => {
      const text = url.searchParams.get(name)
      url.searchParams.delete(name)
      return known.find((one) => one === text)
    }
    const [plan, interval, currency] = [of('plan', planNames), of('interval', intervals), of('currency', currencies)]
    if (!plan || plan === 'free' || !interval || !currency) return
    window.history.replaceState(null, '', url)
    setChosen({ plan, terms: { interval, currency } })
  }, [])
  return chosen
}

export function BillingPage() {
  const t = useTranslations('billing')
  const may = useMay(canManageBilling, { waiting: true })
  const maySee = useMay(canManageAccount, { waiting: true })
  const { query, api, show } = useSettings<Billing>('billing')
  const [wanted, setWanted] = useState<Wanted | null>(null)
  const chosen = useChosen()
  useEffect(() => {
    if (may && chosen) setWanted(chosen)
  }, [may, chosen])
  const billing = query.data
  const demo = billing?.provider === 'demo'
  const looks = useReturn(
    useCallback(async () => {
      const answer = await api.post<Billing>('billing/refresh', {})
      show(() => answer)
    }, [api, show]),
    billing?.subscription,
  )
  const over = !billing || isOver(billing)
  const changes = may && billing !== undefined && mayChange(billing)
  const plan = billing?.entitlements.plan
  const held = billing?.subscription
  // Prices may have been looked at in another currency than the plan runs in.
  const kept = held && !over ? { currency: held.currency } : {}
  const asked = wanted && { ...wanted, terms: { ...wanted.terms, ...kept } }
  const start = held && !over ? { interval: held.interval, currency: held.currency } : chosen?.terms
  const isHeld = (name: PlanName, terms: Terms): boolean =>
    !over && name === plan && terms.interval === held?.interval && terms.currency === held?.currency
  const button = (name: PlanName, terms: Terms) => {
    if (!changes || name === 'free') return null
    if (isHeld(name, terms)) return <p className="text-ink-3">{t('current')}</p>
    if (billing && !over && !mayBuy(billing.entitlements, billing.subscription, { plan: name, ...terms }))
      return <p className="text-ink-3">{t('addOn.owed')}</p>
    return (
      <Button look={name === 'pro' ? 'primary' : 'plain'} onClick={() => setWanted({ plan: name, terms })}>
        {billing?.trial ? t('try', { days: trialDays }) : t('choose', { plan: t(`plan.${name}`) })}
      </Button>
    )
  }
  return (
    <PageFrame title={t('title')} lead={t('lead')} may={maySee} wide>
      {billing ? (
        <>
          {demo ? (
            <p className="flex items-center gap-2 rounded-md bg-canvas px-3 py-2 text-ink-2">
              <FlaskConical aria-hidden className="size-4 flex-none" />
              {t('demo')}
            </p>
          ) : null}
          <BackNote looks={looks} />
          <Standing
            billing={billing}
            may={changes && !over}
            portal={may && !demo && (billing.subscription !== null || billing.invoices.length > 0)}
            change={async (ends) => {
              const answer = await api.patch<Billing>('billing/plan', { ends })
              show(() => answer)
              return answer
            }}
          />
          <Usage billing={billing} />
          <Beyond
            key={`${billing.beyond.cap} ${billing.beyond.alert}`}
            billing={billing}
            may={may}
            save={async (spend) => {
              const answer = await api.put<Billing>('billing/spend', spend)
              show(() => answer)
            }}
          />
          <Section title={t('plans')} lead={t('plansLead')}>
            <PlanList
              key={`${start?.interval}${start?.currency}`}
              {...(start ? { start } : {})}
              fixed={!over}
              current={plan}
              action={button}
            />
          </Section>
          <AddOns
            billing={billing}
            may={changes}
            over={over}
            change={async (addOn, on) => {
              const answer = await api.put<Billing>('billing/add-ons', { addOn, on })
              show(() => answer)
            }}
          />
          <Invoices billing={billing} />
          {asked && changes && !isHeld(asked.plan, asked.terms) ? (
            <PlanDialog
              billing={billing}
              wanted={asked}
              onClose={() => setWanted(null)}
              onConfirm={async () => {
                const answer = await api.put<Changed>('billing/plan', { plan: asked.plan, ...asked.terms })
                if (answer.url) return window.location.assign(answer.url)
                show(() => answer)
                toast(t('changed', { plan: t(`plan.${asked.plan}`) }))
                setWanted(null)
              }}
            />
          ) : null}
        </>
      ) : query.error ? (
        <ErrorState error={query.error} retry={() => query.refetch()} />
      ) : (
        <SkeletonRows rows={4} />
      )}
    </PageFrame>
  )
}

/** The plan, until when it goes, and the way to end it or to let it go on. */
function Standing({
  billing,
  may,
  portal,
  change,
}: {
  billing: Billing
  may: boolean
  portal: boolean
  change: (ends: boolean) => Promise<Billing>
}) {
  const t = useTranslations('billing')
  const locale = useLocale()
  const api = useApi()
  const [busy, setBusy] = useState(false)
  const [opens, setOpens] = useState(false)
  const { entitlements, subscription, over, lost } = billing
  const dayOf = (day: Date | null = null) =>
    day === null ? '' : new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(new Date(day))
  const date = dayOf(subscription?.periodEnd)
  const { said, day, due } = planSaid(billing)
  const paid = paidSaid(billing)
  const ending = subscription?.cancelAtPeriodEnd && !hasEnded(subscription.state)
  // What can go on: a plan that was to end, or one that waits for a payment.
  const waits = ending || subscription?.state === 'paused'
  const [asking, setAsking] = useState(false)
  const owes = entitlements.graceUntil !== null
  const asks = owes || over.free.length > 0 || lost.free.length > 0 || billing.addOns.some(({ on }) => on)
  const press = async () => {
    setAsking(false)
    setBusy(true)
    try {
      await change(!waits)
      toast(waits ? t('goesOn') : t('ended', { date }))
    } catch (error) {
      toastError(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="panel flex flex-wrap items-center gap-x-4 gap-y-3 p-4">
      <div className="min-w-0 flex-1 basis-64">
        <p className="text-lg font-semibold">{t(`plan.${entitlements.plan}`)}</p>
        <p className="text-pretty text-ink-2">{t(said, { date: dayOf(day), due: dayOf(due) })}</p>
        {paid.length && subscription ? (
          <p className="text-pretty text-ink-2">
            {paid.map(({ said, amount, at }) => (
              <span key={`${said} ${String(at)} ${amount}`}>
                {t(said, { price: formatPrice(amount, subscription.currency, locale), date: dayOf(at) })}{' '}
              </span>
            ))}
            {t('pays.what')}
          </p>
        ) : null}
      </div>
      {portal ? (
        <Button
          look={owes ? 'primary' : 'plain'}
          busy={opens}
          onClick={() => {
            setOpens(true)
            api
              .post<{ url: string }>('billing/portal', {})
              .then(({ url }) => window.location.assign(url))
              .catch(toastError)
              .finally(() => setOpens(false))
          }}
        >
          {t('portal')}
        </Button>
      ) : null}
      {may ? (
        <Button busy={busy} onClick={() => (waits || !asks ? press() : setAsking(true))}>
          {t(ending ? 'goOn' : waits ? 'resume' : 'end')}
        </Button>
      ) : null}
      {ending ? (
        // Whoever ended it elsewhere, as in the portal, was told nothing of this before.
        <div className="flex basis-full flex-col gap-2 empty:hidden border-t border-line pt-3 text-pretty">
          <EndLists billing={billing} />
        </div>
      ) : null}
      {asking ? (
        <EndDialog
          billing={billing}
          date={date}
          due={dayOf(entitlements.graceUntil)}
          onClose={() => setAsking(false)}
          onConfirm={press}
        />
      ) : null}
    </div>
  )
}
