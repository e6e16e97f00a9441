/** One dataset: what is left of it, text by text, and the files it leaves as. */
'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import Download from 'lucide-react/icons/download'
import { useTranslations } from 'next-intl'
import { useAccount, useApi } from '@/app/_ui/account'
import { Button } from '@/app/_ui/button'
import { Sheet } from '@/app/_ui/dialog'
import { download } from '@/app/_ui/download'
import { Menu } from '@/app/_ui/menu'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { toastError } from '@/app/_ui/toast'
import { useIntentName } from '@/app/(desk)/[account]/inbox/_data/people'
import type { ListedDataset } from '@/lib/features/learning/datasets'
import type { DatasetText } from '@/lib/flows/read-datasets'
import type { Sent } from '../../_data/learning'
import { exportForms } from '../../intents/_parts/import'
export type SentDataset = Sent<ListedDataset>

export function DatasetSheet({ dataset, onClose }: { dataset: SentDataset | undefined; onClose: () => void }) {
  const t = useTranslations('models.data')
  return (
    <Sheet
      open={dataset !== undefined}
      onOpenChange={(next) => !next && onClose()}
      title={dataset ? t('texts', { hash: dataset.hash.slice(0, 12) }) : ''}
    >
      {dataset ? <Opened dataset={dataset} /> : null}
    </Sheet>
  )
}

type Page = { texts: DatasetText[]; of: number; more: boolean }

function Opened({ dataset: { id, counts, gone, refused } }: { dataset: SentDataset }) {
  const t = useTranslations('models.data')
  const words = useTranslations('models.examples')
  const account = useAccount()
  const api = useApi()
  const nameOf = useIntentName()
  const query = useInfiniteQuery({
    queryKey: [account, 'datasets', id],
    initialPageParam: 0,
    queryFn: ({ signal, pageParam }) => api.get<Page>(`learning/datasets/${id}`, { skip: pageParam }, { signal }),
    getNextPageParam: ({ more }, pages) => (more ? pages.reduce((sum, page) => sum + page.texts.length, 0) : undefined),
  })
  if (query.error) return <ErrorState heading="h3" error={query.error} retry={() => query.refetch()} />
  if (!query.data) return <SkeletonRows rows={6} />
  const texts = query.data.pages.flatMap((page) => page.texts)
  const there = query.data.pages[0]?.of ?? 0
  return (
    <div className="flex flex-col gap-4">
      <p className="text-pretty text-ink-2">
        {t('facts', { there, taken: counts.train + counts.test, gone, refused })} <Terms terms={counts.terms} />
      </p>
      <Take id={id} />
      {texts.length ? null : <p className="py-6 text-center text-ink-2">{t('none')}</p>}
      <ul className="divide-y divide-line">
        {texts.map(({ id: of, text, intent, split, source }) => (
          <li key={of} className="py-2">
            <p className="text-pretty break-words">{text}</p>
            <p className="text-xs text-ink-3">
              {[nameOf(intent), t(`split.${split}`), words(`source.${source}`)].join(' · ')}
            </p>
          </li>
        ))}
      </ul>
      {query.hasNextPage ? (
        <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {words('more')}
        </Button>
      ) : null}
    </div>
  )
}

function Take({ id }: { id: string }) {
  const t = useTranslations('models.data')
  const words = useTranslations('models.intents')
  const account = useAccount()
  const base = `/api/v1/${encodeURIComponent(account)}/learning/datasets/${id}`
  return (
    <Menu
      label={t('takeAlong')}
      trigger={
        <Button className="self-start">
          <Download aria-hidden />
          {t('takeAlong')}
        </Button>
      }
      items={exportForms.map((form) => ({
        label: words(`exportAs.${form}`),
        onSelect: () => void download(`${base}/export.${form}`).catch(toastError),
      }))}
    />
  )
}

/** Whose texts they are, and how long the account kept them. */
export function Terms({ terms }: { terms: SentDataset['counts']['terms'] }) {
  const t = useTranslations('models.data')
  if (!terms) return t('unknown')
  const { people, learnFrom, keepMonths } = terms
  const kept = keepMonths === null ? t('forGood') : t('kept', { months: keepMonths })
  return `${t('people', { people })} · ${t(learnFrom)} · ${kept}`
}
