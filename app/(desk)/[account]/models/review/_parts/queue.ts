/** The queue of one sitting: what is next, what was said, and the way back. */
'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useRef, useState } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import { toastError, toastUndo } from '@/app/_ui/toast'
import { useIntentName } from '@/app/(desk)/[account]/inbox/_data/people'
import type { ReviewReason } from '@/lib/core/learning'
import type { ReviewItem } from '@/lib/features/learning/review'
import type { LabelledMany } from '@/lib/flows/label-messages'

type Queue = { items: ReviewItem[] }
export const keyOf = (item: ReviewItem) => item.texts[0]?.messageIds[0] as string
export const messagesOf = (item: ReviewItem) => item.texts.flatMap(({ messageIds }) => messageIds)
export const countOf = (items: readonly ReviewItem[]) => items.flatMap(messagesOf).length

/** What is left of an item when some of its messages are done; a text that was taken out of a group comes next by itself. */
const without = (item: ReviewItem, done: ReadonlySet<string>): ReviewItem => ({
  ...item,
  texts: item.texts.filter(({ messageIds }) => !messageIds.some((id) => done.has(id))),
})

/** @param reason of one reason alone; empty: of all */
export function useQueue(reason: ReviewReason | '') {
  const t = useTranslations('models.review')
  const api = useApi()
  const account = useAccount()
  const client = useQueryClient()
  const nameOf = useIntentName()
  const key = [account, 'review', reason]
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<Queue>('review', reason ? { reason } : {}, { signal }),
    // The order must not change under somebody's fingers: a sitting ends, then the next is fetched.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const [done, setDone] = useState<ReadonlySet<string>>(new Set())
  const [labelled, setLabelled] = useState(0)
  /** Of the whole sitting: notes that offer it go after a while. */
  const undos = useRef<readonly (() => Promise<void>)[]>([])
  const items = (query.data?.items ?? []).map((item) => without(item, done)).filter(({ texts }) => texts.length)
  const mark = (item: ReviewItem, isDone: boolean) =>
    setDone((old) => {
      const next = new Set(old)
      for (const id of messagesOf(item)) {
        if (isDone) next.add(id)
        else next.delete(id)
      }
      return next
    })
  const ended = (item: ReviewItem) => {
    void client.invalidateQueries({ queryKey: [account, 'learning'] })
    void client.invalidateQueries({ queryKey: [account, 'intents'] })
    void client.invalidateQueries({ queryKey: [account, 'reviewed'] })
    const last = new Set(messagesOf(item))
    if (items.every((one) => !without(one, last).texts.length))
      void client.invalidateQueries({ queryKey: key }).then(() => setDone(new Set()))
  }
  /** Takes it off at once; what fails comes back. */
  const act = async (item: ReviewItem, said: string, run: () => Promise<() => Promise<unknown>>, counts: number) => {
    mark(item, true)
    setLabelled((old) => old + counts)
    const back = () => {
      mark(item, false)
      setLabelled((old) => old - counts)
    }
    // It can be taken back before the server has answered: then that waits for the answer.
    const running = run()
    const undo = async () => {
      if (!undos.current.includes(undo)) return
      undos.current = undos.current.filter((one) => one !== undo)
      await (await running)()
      back()
      void client.invalidateQueries({ queryKey: [account, 'reviewed'] })
      // The next sitting may have begun meanwhile: it does not know this one.
      const known = client.getQueryData<Queue>(key)?.items.some((one) => messagesOf(one).includes(keyOf(item)))
      if (!known) await client.invalidateQueries({ queryKey: key })
    }
    undos.current = [...undos.current, undo]
    toastUndo(said, undo)
    try {
      await running
      ended(item)
    } catch (error) {
      undos.current = undos.current.filter((one) => one !== undo)
      back()
      toastError(error)
    }
  }
  return {
    query,
    items,
    labelled,
    undo: () => void undos.current.at(-1)?.().catch(toastError),
    label: (item: ReviewItem, intent: string) =>
      act(
        item,
        t('labelled', { name: nameOf(intent), count: messagesOf(item).length }),
        async () => {
          const messageIds = messagesOf(item)
          const { undoId } = await api.post<LabelledMany>('review/label', { messageIds, intent })
          return async () => void (undoId && (await api.post(`undo/${undoId}`)))
        },
        messagesOf(item).length,
      ),
    discard: (item: ReviewItem) => {
      const messageIds = messagesOf(item)
      return act(
        item,
        t('discarded'),
        async () => {
          await api.post('review/discard', { messageIds })
          return () => api.post('review/restore', { messageIds })
        },
        0,
      )
    },
  }
}
