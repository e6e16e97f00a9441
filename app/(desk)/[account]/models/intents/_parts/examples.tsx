/** The texts of one intent: removed one by one, or chosen and moved to another intent. */
'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import X from 'lucide-react/icons/x'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useId, useState } from 'react'
import { useAccount } from '@/app/_ui/account'
import { Button, IconButton } from '@/app/_ui/button'
import { Combobox } from '@/app/_ui/combobox'
import { Checkbox } from '@/app/_ui/input'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { toastError, toastUndo } from '@/app/_ui/toast'
import { useIntentName, useIntents } from '@/app/(desk)/[account]/inbox/_data/people'
import type { ListedExample } from '@/lib/flows/read-examples'
import { useIntentSet } from '../../_data/intents'

type Page = { examples: ListedExample[]; more: boolean }
const none: ReadonlySet<string> = new Set()

export function Examples({ intent }: { intent: string }) {
  const t = useTranslations('models.examples')
  const account = useAccount()
  const nameOf = useIntentName()
  const { api, again } = useIntentSet()
  const [marked, setMarked] = useState(none)
  const query = useInfiniteQuery({
    queryKey: [account, 'examples', intent],
    initialPageParam: 0,
    queryFn: ({ signal, pageParam }) => api.get<Page>('examples', { intent, skip: pageParam }, { signal }),
    getNextPageParam: ({ more }, pages) =>
      more ? pages.reduce((sum, page) => sum + page.examples.length, 0) : undefined,
  })
  const remove = async ({ id }: ListedExample) => {
    try {
      const { undoId } = await api.delete<{ undoId: string }>(`examples/${id}`)
      toastUndo(t('removed'), () => api.post(`undo/${undoId}`).then(again))
    } catch (error) {
      toastError(error)
    }
    await again()
  }
  if (query.error) return <ErrorState heading="h3" error={query.error} retry={() => query.refetch()} />
  if (!query.data) return <SkeletonRows rows={6} />
  const examples = query.data.pages.flatMap((page) => page.examples)
  if (!examples.length) return <p className="py-6 text-center text-ink-2">{t('empty')}</p>
  // What is no longer there is no longer meant.
  const chosen = examples.filter(({ id }) => marked.has(id)).map(({ id }) => id)
  const move = async (into: string) => {
    setMarked(none)
    try {
      const { moved, undoId } = await api.post<{ moved: number; undoId: string }>('examples/move', {
        ids: chosen,
        intent: into,
      })
      toastUndo(t('moved', { count: moved, name: nameOf(into) }), () => api.post(`undo/${undoId}`).then(again))
    } catch (error) {
      toastError(error)
    }
    await again()
  }
  const mark = (id: string, on: boolean) =>
    setMarked(new Set(on ? [...chosen, id] : chosen.filter((one) => one !== id)))
  return (
    <>
      <ul aria-label={t('list')} className="divide-y divide-line">
        {examples.map((example) => (
          <ExampleRow
            key={example.id}
            example={example}
            marked={marked.has(example.id)}
            full={chosen.length >= most}
            onMark={(on) => mark(example.id, on)}
            onRemove={() => void remove(example)}
          />
        ))}
      </ul>
      {query.hasNextPage ? (
        <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('more')}
        </Button>
      ) : null}
      {chosen.length ? (
        <MoveBar
          intent={intent}
          count={chosen.length}
          onMove={(into) => void move(into)}
          onClear={() => setMarked(none)}
        />
      ) : null}
    </>
  )
}

/** Texts of one go. */
const most = 200

function MoveBar({
  intent,
  count,
  onMove,
  onClear,
}: {
  intent: string
  count: number
  onMove: (into: string) => void
  onClear: () => void
}) {
  const t = useTranslations('models.examples')
  const nameOf = useIntentName()
  const others = useIntents().filter(({ id }) => id !== intent)
  return (
    <div className="sticky -bottom-4 -mx-4 flex flex-wrap items-center gap-2 border-t border-line bg-surface px-4 py-3">
      <span className="numbers me-auto">{t('marked', { count })}</span>
      <Button look="ghost" onClick={onClear}>
        {t('unmark')}
      </Button>
      <Combobox
        label={t('moveTo')}
        align="end"
        trigger={<Button look="primary">{t('move')}</Button>}
        items={others.map(({ id }) => ({ value: id, label: nameOf(id) }))}
        value={null}
        onChange={(into) => into && onMove(into)}
      />
    </div>
  )
}

function ExampleRow({
  example,
  marked,
  full,
  onMark,
  onRemove,
}: {
  example: ListedExample
  marked: boolean
  full: boolean
  onMark: (on: boolean) => void
  onRemove: () => void
}) {
  const t = useTranslations('models.examples')
  const account = useAccount()
  const id = useId()
  const { text, source, removable, displayId } = example
  return (
    <li className="flex items-start gap-2 py-2">
      <Checkbox
        id={id}
        className="mt-0.5"
        checked={marked}
        disabled={full && !marked}
        onChange={(event) => onMark(event.target.checked)}
      />
      <div className="min-w-0 flex-1">
        <label htmlFor={id} className="block text-pretty break-words">
          {text}
        </label>
        <p className="flex gap-2 text-xs text-ink-3">
          <span>{t(`source.${source}`)}</span>
          {displayId === null ? null : (
            <Link href={`/${account}/inbox/${displayId}`} className="rounded-sm hover:text-ink hover:underline">
              {t('conversation', { number: displayId })}
            </Link>
          )}
        </p>
      </div>
      {removable ? (
        <IconButton size="small" label={t('remove', { text: text.slice(0, 40) })} onClick={onRemove}>
          <X aria-hidden />
        </IconButton>
      ) : null}
    </li>
  )
}
