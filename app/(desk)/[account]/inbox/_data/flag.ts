/** Sends a message to the review: its label is wrong, or somebody should look. The same press, or undo, takes it back. */
'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useCallback } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import { toast, toastError, toastUndo } from '@/app/_ui/toast'
import type { FlagReason } from '@/lib/core/learning'
import type { DeskMessage } from '@/lib/features/conversations/transcript'
import { patchMessage } from './transcript'

export function useFlag({ id, flag }: Pick<DeskMessage, 'id' | 'flag'>, conversationId: string) {
  const api = useApi()
  const account = useAccount()
  const client = useQueryClient()
  const t = useTranslations('inbox.done')
  return useCallback(
    async (reason: FlagReason) => {
      const show = (now: FlagReason | null) =>
        patchMessage(client, account, conversationId, id, (message) => ({ ...message, flag: now }))
      const put = async (now: FlagReason | null) => {
        const back = show(now)
        try {
          if (now) await api.post('review/flag', { messageId: id, reason: now })
          else await api.post('review/unflag', { messageId: id })
        } catch (error) {
          back()
          throw error
        }
      }
      try {
        if (flag === reason) {
          await put(null)
          toast(t('outOfReview'))
        } else {
          await put(reason)
          toastUndo(t(reason === 'manual' ? 'sentToReview' : 'markedWrong'), () => put(flag))
        }
      } catch (error) {
        toastError(error)
      }
    },
    [api, account, client, conversationId, flag, id, t],
  )
}
