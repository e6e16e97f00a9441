/** An empty list says what belongs there and where to go next. */
'use client'

import Inbox from 'lucide-react/icons/inbox'
import SearchX from 'lucide-react/icons/search-x'
import { useTranslations } from 'next-intl'
import { useAccount } from '@/app/_ui/account'
import { Button, ButtonLink } from '@/app/_ui/button'
import { EmptyState } from '@/app/_ui/states'
import type { View } from '../_data/view'

export function ListEmpty({ view, changeView }: { view: View; changeView: (next: Partial<View>) => void }) {
  const t = useTranslations('inbox')
  const common = useTranslations('common')
  const account = useAccount()
  const filtered = Object.values(view.filters).some(Boolean)
  if (view.q || filtered) {
    return (
      <EmptyState
        icon={<SearchX aria-hidden />}
        title={t('empty.foundTitle')}
        action={
          <Button onClick={() => changeView({ q: '', filters: {} })}>
            {filtered ? t('filter.clear') : common('clearSearch')}
          </Button>
        }
      >
        {t('empty.found')}
      </EmptyState>
    )
  }
  const action =
    view.tab === 'mine' ? (
      <Button onClick={() => changeView({ tab: 'unassigned' })}>{t('empty.mineAction')}</Button>
    ) : view.tab === 'all' ? (
      <ButtonLink href={`/${account}/settings/inbox`}>{t('empty.setup')}</ButtonLink>
    ) : null
  return (
    <EmptyState icon={<Inbox aria-hidden />} title={t(`empty.${view.tab}Title`)} action={action}>
      {t(`empty.${view.tab}`)}
    </EmptyState>
  )
}
