/** The texts of one intent: read, written, removed. */
'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import X from 'lucide-react/icons/x'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { useAccount } from '@/app/_ui/account'
import { Button, IconButton } from '@/app/_ui/button'
import { Sheet } from '@/app/_ui/dialog'
import { Field } from '@/app/_ui/field'
import { Textarea } from '@/app/_ui/input'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { toast, toastError, toastUndo } from '@/app/_ui/toast'
import { useIntentName } from '@/app/(desk)/[account]/inbox/_data/people'
import type { ListedExample } from '@/lib/flows/read-examples'
import type { ListedIntent } from '@/lib/flows/read-intents'
import { useIntentSet } from '../../_data/intents'

export function ExampleSheet({ intent, onClose }: { intent: ListedIntent | undefined; onClose: () => void }) {
  const nameOf = useIntentName()
  return (
    <Sheet
      open={intent !== undefined}
      onOpenChange={(next) => !next && onClose()}
      title={intent ? nameOf(intent.key) : ''}
    >
      {intent ? (
        <div className="flex flex-col gap-5">
          {intent.archived ? null : <Write intent={intent.key} />}
          <Examples intent={intent.key} />
        </div>
      ) : null}
    </Sheet>
  )
}

/** Most texts of one go. */
const most = 50

function Write({ intent }: { intent: string }) {
  const t = useTranslations('models.examples')
  const { api, again } = useIntentSet()
  const [words, setWords] = useState('')
  const [busy, setBusy] = useState(false)
  const lines = words.split('\n').flatMap((line) => line.trim() || [])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    let added = 0
    try {
      for (const text of lines.slice(0, most)) {
        await api.post('examples', { text, intent })
        added++
      }
      toast(t('added', { count: added }))
    } catch (error) {
      toastError(error)
    }
    // What was refused stays to be mended.
    setWords(lines.slice(added).join('\n'))
    await again()
    setBusy(false)
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      <Field label={t('write')} hint={t('writeHint')}>
        <Textarea rows={4} value={words} onChange={(event) => setWords(event.target.value)} />
      </Field>
      <Button type="submit" look="primary" busy={busy} disabled={!lines.length} className="self-start">
        {t('add')}
      </Button>
    </form>
  )
}

type Page = { examples: ListedExample[]; more: boolean }

function Examples({ intent }: { intent: string }) {
  const t = useTranslations('models.examples')
  const account = useAccount()
  const { api, again } = useIntentSet()
  const query = useInfiniteQuery({
    queryKey: [account, 'examples', intent],
    initialPageParam: 0,
    queryFn: ({ signal, pageParam }) => api.get<Page>('examples', { intent, skip: pageParam }, { signal }),
    getNextPageParam: ({ more }, pages) =>
      more ? pages.reduce((sum, page) => sum + page.examples.length, 0) : undefined,
  })
  const remove = async ({ id, text }: ListedExample) => {
    try {
      await api.delete(`examples/${id}`)
      toastUndo(t('removed'), () => api.post('examples', { text, intent }).then(again))
    } catch (error) {
      toastError(error)
    }
    await again()
  }
  if (query.error) return <ErrorState heading="h3" error={query.error} retry={() => query.refetch()} />
  if (!query.data) return <SkeletonRows rows={6} />
  const examples = query.data.pages.flatMap((page) => page.examples)
  if (!examples.length) return <p className="py-6 text-center text-ink-2">{t('empty')}</p>
  return (
    <>
      <ul className="divide-y divide-line">
        {examples.map((example) => (
          <ExampleRow key={example.id} example={example} onRemove={() => void remove(example)} />
        ))}
      </ul>
      {query.hasNextPage ? (
        <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('more')}
        </Button>
      ) : null}
    </>
  )
}

function ExampleRow({ example, onRemove }: { example: ListedExample; onRemove: () => void }) {
  const t = useTranslations('models.examples')
  const account = useAccount()
  const { text, source, displayId } = example
  return (
    <li className="flex items-start gap-2 py-2">
      <div className="min-w-0 flex-1">
        <p className="text-pretty">{text}</p>
        <p className="flex gap-2 text-xs text-ink-3">
          <span>{t(`source.${source}`)}</span>
          {displayId === null ? null : (
            <Link href={`/${account}/inbox/${displayId}`} className="rounded-sm hover:text-ink hover:underline">
              {t('conversation', { number: displayId })}
            </Link>
          )}
        </p>
      </div>
      {source === 'correction' ? null : (
        <IconButton size="small" label={t('remove', { text: text.slice(0, 40) })} onClick={onRemove}>
          <X aria-hidden />
        </IconButton>
      )}
    </li>
  )
}
