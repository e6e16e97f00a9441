/** Sends a message to the review: its label is wrong, or somebody should look. Taken back with one press. */
'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useCallback } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import { toastError, toastUndo } from '@/app/_ui/toast'
import type { FlagReason } from '@/lib/core/learning'

type Flags = Readonly<Record<string, FlagReason>>
const none: Flags = {}

/** What was sent while the page is open; the review itself knows of all. */
export function useFlag(messageId: string) {
  const api = useApi()
  const account = useAccount()
  const client = useQueryClient()
  const t = useTranslations('inbox.done')
  const { data } = useQuery<Flags>({
    queryKey: [account, 'flags'],
    queryFn: () => none,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const flag = data?.[messageId]
  const show = useCallback(
    (reason: FlagReason | undefined) =>
      client.setQueryData<Flags>([account, 'flags'], (old = none) => {
        const { [messageId]: _, ...others } = old
        return reason ? { ...others, [messageId]: reason } : others
      }),
    [client, account, messageId],
  )
  const send = useCallback(
    async (reason: FlagReason) => {
      show(reason)
      try {
        await api.post('review/flag', { messageId, reason })
        toastUndo(t(reason === 'manual' ? 'sentToReview' : 'markedWrong'), async () => {
          await api.post('review/unflag', { messageId })
          show(undefined)
        })
      } catch (error) {
        show(undefined)
        toastError(error)
      }
    },
    [api, messageId, show, t],
  )
  return { flag, send }
}
