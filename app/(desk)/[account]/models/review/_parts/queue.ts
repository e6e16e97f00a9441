/** The queue of one sitting: what is next, what was said, and the way back. */
'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useCallback, useRef, useState } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import { dismissToast, toast, toastError, toastUndo } from '@/app/_ui/toast'
import { useIntentName, usePeople } from '@/app/(desk)/[account]/inbox/_data/people'
import type { ReviewReason } from '@/lib/core/learning'
import type { ReviewItem } from '@/lib/features/learning/review'
import type { Answered } from '@/lib/features/learning/reviewed'
import type { LabelledMany } from '@/lib/flows/label-messages'

type Queue = { items: ReviewItem[]; left: number }
export const keyOf = (item: ReviewItem) => item.texts[0]?.messageIds[0] as string
export const messagesOf = (item: ReviewItem) => item.texts.flatMap(({ messageIds }) => messageIds)
const countOf = (items: readonly ReviewItem[]) => items.flatMap(messagesOf).length

/** What is left of an item when some of its messages are done; a text that was taken out of a group comes next by itself. */
const without = (item: ReviewItem, done: ReadonlySet<string>): ReviewItem => ({
  ...item,
  texts: item.texts.filter(({ messageIds }) => !messageIds.some((id) => done.has(id))),
})

/** Says whose word stands, and offers to give one's own all the same. */
function useAnswered() {
  const t = useTranslations('models.review')
  const nameOf = useIntentName()
  const people = usePeople()
  return (answered: readonly Answered[], anyway: { label: string; run: () => void }) => {
    const [first] = answered
    if (!first) return
    const name = people.member(first.authorId)?.name ?? t('somebody')
    const said =
      answered.length > 1
        ? t('answeredMany', { name, count: answered.length })
        : first.intent
          ? t('answered', { name, intent: nameOf(first.intent) })
          : t('answeredAside', { name })
    toast(said, anyway)
  }
}

export interface Wanted {
  reason: ReviewReason | ''
  /** What the model takes it for; empty: anything. */
  intent: string
}

/** What one press came to: how to take it back (null: there is nothing to), and what others had said before. */
interface Pressed {
  back: (() => Promise<unknown>) | null
  answered: readonly Answered[]
}

export function useQueue({ reason, intent: said }: Wanted) {
  const t = useTranslations('models.review')
  const api = useApi()
  const account = useAccount()
  const client = useQueryClient()
  const nameOf = useIntentName()
  const tellAnswered = useAnswered()
  const key = [account, 'review', reason, said]
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      api.get<Queue>('review', { ...(reason ? { reason } : {}), ...(said ? { intent: said } : {}) }, { signal }),
    // The order must not change under somebody's fingers: a sitting ends, then the next is fetched.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const [done, setDone] = useState<ReadonlySet<string>>(new Set())
  const [labelled, setLabelled] = useState(0)
  /** Of the whole sitting: notes that offer it go after a while. */
  const undos = useRef<readonly (() => Promise<void>)[]>([])
  const [canUndo, setCanUndo] = useState(false)
  const keep = useCallback((next: (old: readonly (() => Promise<void>)[]) => (() => Promise<void>)[]) => {
    undos.current = next(undos.current)
    setCanUndo(undos.current.length > 0)
  }, [])
  const items = (query.data?.items ?? []).map((item) => without(item, done)).filter(({ texts }) => texts.length)
  // Of all that waits, not of this sitting.
  const left = Math.max(countOf(items), (query.data?.left ?? 0) - done.size)
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
  /** Takes it off at once; what fails comes back. `anyway` says it over what others have said. */
  const act = async (
    item: ReviewItem,
    words: string,
    run: () => Promise<Pressed>,
    { counts, anyway }: { counts: number; anyway: { label: string; run: () => void } },
  ) => {
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
      keep((old) => old.filter((one) => one !== undo))
      await (await running).back?.()
      back()
      void client.invalidateQueries({ queryKey: [account, 'reviewed'] })
      // The next sitting may have begun meanwhile: it does not know this one.
      const known = client.getQueryData<Queue>(key)?.items.some((one) => messagesOf(one).includes(keyOf(item)))
      if (!known) await client.invalidateQueries({ queryKey: key })
    }
    keep((old) => [...old, undo])
    const note = toastUndo(words, undo)
    try {
      const { answered } = await running
      if (answered.length === messagesOf(item).length) {
        keep((old) => old.filter((one) => one !== undo))
        dismissToast(note)
        setLabelled((old) => old - counts)
      }
      tellAnswered(answered, anyway)
      ended(item)
    } catch (error) {
      keep((old) => old.filter((one) => one !== undo))
      dismissToast(note)
      back()
      toastError(error)
    }
  }
  const taken = (undoId: string | null) => (undoId ? () => api.post(`undo/${undoId}`) : null)
  const label = (item: ReviewItem, intent: string, unlessAnswered = true): Promise<void> => {
    const messageIds = messagesOf(item)
    const words = t('labelled', { name: nameOf(intent), count: messageIds.length })
    const run = async () => {
      const { undoId, answered } = await api.post<LabelledMany>('review/label', { messageIds, intent, unlessAnswered })
      return { back: taken(undoId), answered }
    }
    const anyway = { label: t('anyway', { name: nameOf(intent) }), run: () => void label(item, intent, false) }
    return act(item, words, run, { counts: messageIds.length, anyway })
  }
  const discard = (item: ReviewItem, unlessAnswered = true): Promise<void> => {
    const messageIds = messagesOf(item)
    const run = async () => {
      const { answered } = await api.post<{ answered: Answered[] }>('review/discard', { messageIds, unlessAnswered })
      const mine = messageIds.filter((id) => !answered.some(({ messageId }) => messageId === id))
      return { back: () => api.post('review/restore', { messageIds: mine }), answered }
    }
    const anyway = { label: t('discardAnyway'), run: () => void discard(item, false) }
    return act(item, t('discarded'), run, { counts: 0, anyway })
  }
  /** A new intent with these as its first messages; a name that cannot be is said where it was typed. @throws what the server says */
  const make = async (item: ReviewItem, name: string): Promise<void> => {
    const messageIds = messagesOf(item)
    const made = await api.post<LabelledMany & { key: string }>('intents/of-messages', {
      name,
      messageIds,
      unlessAnswered: true,
    })
    const anyway = { label: t('anyway', { name }), run: () => void label(item, made.key, false) }
    void act(item, t('made', { name }), async () => ({ back: taken(made.undoId), answered: made.answered }), {
      counts: messageIds.length,
      anyway,
    })
  }
  return {
    query,
    items,
    left,
    labelled,
    canUndo,
    undo: () => void undos.current.at(-1)?.().catch(toastError),
    label,
    discard,
    make,
  }
}
