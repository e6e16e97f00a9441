/** What was labelled or put aside, the newest first, and the way back into the review. */
'use client'

import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import ListChecks from 'lucide-react/icons/list-checks'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useAccount, useApi } from '@/app/_ui/account'
import { Button } from '@/app/_ui/button'
import { Chip } from '@/app/_ui/chip'
import { EmptyState, ErrorState, SkeletonRows } from '@/app/_ui/states'
import { Time } from '@/app/_ui/time'
import { toastError, toastUndo } from '@/app/_ui/toast'
import { useMayWork } from '@/app/(desk)/_shell/session'
import { useIntentName, usePeople } from '@/app/(desk)/[account]/inbox/_data/people'
import type { ReviewedState } from '@/lib/core/learning'
import type { Reviewed } from '@/lib/features/learning/reviewed'

type Page = { items: Reviewed[]; more: boolean }

export function Done({ state }: { state: ReviewedState }) {
  const t = useTranslations('models.review')
  const words = useTranslations('models.examples')
  const api = useApi()
  const account = useAccount()
  const client = useQueryClient()
  const key = [account, 'reviewed', state]
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: key,
    initialPageParam: 0,
    queryFn: ({ signal, pageParam }) => api.get<Page>('review/done', { state, skip: pageParam }, { signal }),
    getNextPageParam: ({ more }, pages) => (more ? pages.reduce((sum, page) => sum + page.items.length, 0) : undefined),
  })
  const again = () => client.invalidateQueries({ queryKey: key })
  /** A label stays until another one is given. */
  const back = async ({ messageId }: Reviewed) => {
    try {
      if (state === 'discarded') await api.post('review/restore', { messageIds: [messageId] })
      else await api.post('review/flag', { messageId, reason: 'manual' })
      toastUndo(t('backDone'), async () => {
        if (state === 'discarded') await api.post('review/discard', { messageIds: [messageId] })
        else await api.post('review/unflag', { messageId })
        await again()
      })
    } catch (failure) {
      toastError(failure)
    }
    await again()
  }
  if (error) return <ErrorState error={error} retry={() => refetch()} />
  if (!data) return <SkeletonRows rows={6} className="panel" />
  const items = data.pages.flatMap((page) => page.items)
  if (!items.length)
    return (
      <EmptyState icon={<ListChecks />} title={t(`none.${state}`)}>
        {t(`noneLead.${state}`)}
      </EmptyState>
    )
  return (
    <>
      <ul aria-label={t(`states.${state}`)} className="panel divide-y divide-line">
        {items.map((item) => (
          <Row key={item.messageId} item={item} onBack={() => void back(item)} />
        ))}
      </ul>
      {hasNextPage ? (
        <Button className="self-start" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {words('more')}
        </Button>
      ) : null}
    </>
  )
}

function Row({ item, onBack }: { item: Reviewed; onBack: () => void }) {
  const t = useTranslations('models.review')
  const words = useTranslations('models.examples')
  const account = useAccount()
  const nameOf = useIntentName()
  const people = usePeople()
  const mayWork = useMayWork()
  const { text, intent, was, displayId, authorId, at } = item
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2.5 ps-4 pe-2">
      <div className="min-w-0 flex-1 basis-64">
        <p className="line-clamp-2 text-pretty break-words">{text}</p>
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-3">
          {intent ? <Chip tone="accent">{nameOf(intent)}</Chip> : null}
          {intent && was && was !== intent ? <span>{t('was', { name: nameOf(was) })}</span> : null}
          <span>{people.member(authorId)?.name}</span>
          <Time at={at} />
          <Link href={`/${account}/inbox/${displayId}`} className="rounded-sm hover:text-ink hover:underline">
            {words('conversation', { number: displayId })}
          </Link>
        </p>
      </div>
      {mayWork === false ? null : (
        <Button size="small" look="ghost" onClick={onBack}>
          {t('back')}
        </Button>
      )}
    </li>
  )
}
