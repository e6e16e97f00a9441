/** The queue of one sitting: what is next, what was said, and the way back. */
'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useRef, useState } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import { toastError, toastUndo } from '@/app/_ui/toast'
import { useIntentName } from '@/app/(desk)/[account]/inbox/_data/people'
import type { ReviewItem } from '@/lib/features/learning/review'
import type { Corrected } from '@/lib/flows/correct-label'

type Queue = { items: ReviewItem[] }
const keyOf = (item: ReviewItem) => item.messageIds[0] as string

export function useQueue() {
  const t = useTranslations('models.review')
  const api = useApi()
  const account = useAccount()
  const client = useQueryClient()
  const nameOf = useIntentName()
  const key = [account, 'review']
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<Queue>('review', {}, { signal }),
    // The order must not change under somebody's fingers: a sitting ends, then the next is fetched.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const [done, setDone] = useState<ReadonlySet<string>>(new Set())
  const [labelled, setLabelled] = useState(0)
  /** Of the whole sitting: notes that offer it go after a while. */
  const undos = useRef<readonly (() => Promise<void>)[]>([])
  const items = (query.data?.items ?? []).filter((item) => !done.has(keyOf(item)))
  const mark = (item: ReviewItem, isDone: boolean) =>
    setDone((old) => {
      const next = new Set(old)
      if (isDone) next.add(keyOf(item))
      else next.delete(keyOf(item))
      return next
    })
  const ended = () => {
    void client.invalidateQueries({ queryKey: [account, 'learning'] })
    void client.invalidateQueries({ queryKey: [account, 'intents'] })
    if (items.length <= 1) void client.invalidateQueries({ queryKey: key }).then(() => setDone(new Set()))
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
      // The next sitting may have begun meanwhile: it does not know this one.
      const known = client.getQueryData<Queue>(key)?.items.some((one) => keyOf(one) === keyOf(item))
      if (!known) await client.invalidateQueries({ queryKey: key })
    }
    undos.current = [...undos.current, undo]
    toastUndo(said, undo)
    try {
      await running
      ended()
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
        t('labelled', { name: nameOf(intent) }),
        async () => {
          const made: string[] = []
          for (const messageId of item.messageIds) {
            const { correctionId } = await api.post<Corrected>('correct', { messageId, field: 'intent', value: intent })
            if (correctionId) made.push(correctionId)
          }
          return () => Promise.all(made.map((correctionId) => api.post('correct/undo', { correctionId })))
        },
        item.messageIds.length,
      ),
    discard: (item: ReviewItem) => {
      const { messageIds } = item
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
