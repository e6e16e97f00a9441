/** The audit log: who did what that matters, filtered by act and person, with the check of its chain and the whole of it as a file. */
'use client'

import Download from 'lucide-react/icons/download'
import ScrollText from 'lucide-react/icons/scroll-text'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useAccount } from '@/app/_ui/account'
import { Button } from '@/app/_ui/button'
import { download } from '@/app/_ui/download'
import { EmptyState, ErrorState, SkeletonRows } from '@/app/_ui/states'
import { toastError } from '@/app/_ui/toast'
import { UpgradeLink } from '@/app/_ui/upgrade'
import { canManageAccount } from '@/lib/features/accounts/permissions'
import { PageFrame, useMay } from '../../_parts/page-frame'
import { ChainPanel } from './chain-panel'
import { type Filter, useAudit } from './data'
import { EntryRow } from './entry-row'
import { Filters } from './filters'

export function AuditPage() {
  const t = useTranslations('audit')
  const account = useAccount()
  const may = useMay(canManageAccount, { waiting: true })
  const [filter, setFilter] = useState<Filter>({ act: '', by: '' })
  const query = useAudit(filter)
  const pages = query.data?.pages
  const entries = pages?.flatMap((page) => page.entries) ?? []
  const filtered = Boolean(filter.act || filter.by)
  const save = () => download(`/api/v1/${encodeURIComponent(account)}/audit/export.csv`).catch(toastError)
  return (
    <PageFrame
      title={t('title')}
      lead={t('lead')}
      may={may}
      action={
        pages ? (
          <Button onClick={() => void save()}>
            <Download aria-hidden />
            {t('export')}
          </Button>
        ) : null
      }
    >
      {pages ? (
        <>
          <ChainPanel />
          <Filters filter={filter} onChange={setFilter} people={pages[0]?.people ?? []} />
          {entries.length ? (
            <ol aria-label={t('title')} className="panel divide-y divide-line">
              {entries.map((entry) => (
                <EntryRow key={entry.sequence} entry={entry} />
              ))}
            </ol>
          ) : (
            <EmptyState
              icon={<ScrollText />}
              title={t('noneTitle')}
              action={filtered ? <Button onClick={() => setFilter({ act: '', by: '' })}>{t('all')}</Button> : undefined}
            >
              {t('none')}
            </EmptyState>
          )}
          {query.hasNextPage ? (
            <Button
              className="self-center"
              busy={query.isFetchingNextPage}
              onClick={() => query.fetchNextPage().catch(toastError)}
            >
              {t('older')}
            </Button>
          ) : null}
        </>
      ) : query.error ? (
        <ErrorState error={query.error} retry={() => query.refetch()} action={<UpgradeLink error={query.error} />} />
      ) : (
        <SkeletonRows rows={6} className="panel" />
      )}
    </PageFrame>
  )
}
