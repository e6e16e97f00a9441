/** "We train it for you": an owner's consent, given and withdrawn with one press. */
'use client'

import Link from 'next/link'
import { useLocale, useTranslations } from 'next-intl'
import { useAccount } from '@/app/_ui/account'
import { Button } from '@/app/_ui/button'
import { Time } from '@/app/_ui/time'
import { toastError, toastUndo } from '@/app/_ui/toast'
import { useMembership } from '@/app/(desk)/_shell/session'
import { usePeople } from '@/app/(desk)/[account]/inbox/_data/people'
import { formatPrice } from '@/app/(site)/pricing/_parts/plan-list'
import { canConsent } from '@/lib/features/accounts/permissions'
import { type LearningState, useLearning } from '../_data/learning'

export function MadeForYou({ consent, service }: Pick<LearningState, 'consent' | 'service'>) {
  const t = useTranslations('models.madeForYou')
  const membership = useMembership()
  const may = membership !== undefined && canConsent(membership)
  const people = usePeople()
  const { api, again } = useLearning()
  const set = async (given: boolean) => {
    const put = (wanted: boolean) => api.put('learning/consent', { given: wanted }).then(again)
    try {
      await put(given)
      toastUndo(t(given ? 'given' : 'withdrawn'), () => put(!given))
    } catch (error) {
      toastError(error)
    }
  }
  return (
    <section aria-labelledby="made-for-you" className="panel flex flex-wrap items-center gap-x-6 gap-y-3 p-5">
      <div className="min-w-0 flex-1 basis-72">
        <h2 id="made-for-you" className="text-lg">
          {t('title')}
        </h2>
        <p className="max-w-prose text-pretty text-ink-2">{t('lead')}</p>
        <Service service={service} />
        {consent ? (
          <p className="mt-1 text-xs text-ink-3">
            {t('by', { name: people.member(consent.givenBy)?.name ?? t('former') })} · <Time at={consent.givenAt} />
          </p>
        ) : null}
        {may ? null : <p className="mt-1 text-xs text-ink-3">{t('ownersOnly')}</p>}
      </div>
      {may ? <Button onClick={() => void set(consent === null)}>{t(consent ? 'withdraw' : 'give')}</Button> : null}
    </section>
  )
}

/** What it costs where the operator sells it, and the way to it. */
function Service({ service: { standing, price, currency } }: Pick<LearningState, 'service'>) {
  const t = useTranslations('models.madeForYou')
  const locale = useLocale()
  const account = useAccount()
  if (standing === 'unsold') return null
  const words = t(`service.${standing}`, { price: formatPrice(price, currency, locale) })
  return (
    <p className="mt-1 max-w-prose text-pretty">
      {words}{' '}
      <Link href={`/${account}/settings/billing#services`} className="link whitespace-nowrap">
        {t(standing === 'none' ? 'service.buy' : 'service.see')}
      </Link>
    </p>
  )
}
