/** Correcting what the model said about a message: shown at once, kept as an example, taken back with one press. */
'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useCallback } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import { toastError, toastUndo } from '@/app/_ui/toast'
import type { CorrectedField, DeskMessage, MessageCorrection } from '@/lib/features/conversations/transcript'
import type { Corrected } from '@/lib/flows/correct-label'
import { usePeople } from './people'
import { patchMessage } from './transcript'

/** What holds for a message: a person's newest word, else the model's. */
export function effective(
  message: DeskMessage,
  field: CorrectedField,
): { value: string | null; by: MessageCorrection | null } {
  const by = message.corrections.filter((each) => each.field === field).at(-1) ?? null
  return { value: by?.now ?? message.prediction?.[field] ?? null, by }
}

export function useCorrect(conversationId: string) {
  const api = useApi()
  const account = useAccount()
  const client = useQueryClient()
  const { me } = usePeople()
  const t = useTranslations('inbox.done')
  return useCallback(
    async (message: DeskMessage, field: CorrectedField, value: string, name: string): Promise<void> => {
      const was = effective(message, field).value
      const mine = { id: 'new', field, was, now: value, authorId: me, createdAt: new Date().toISOString() }
      const back = patchMessage(client, account, conversationId, message.id, (old) => ({
        ...old,
        corrections: [...old.corrections, mine],
      }))
      try {
        const { correctionId } = await api.post<Corrected>('correct', { messageId: message.id, field, value })
        if (correctionId) toastUndo(t('corrected', { name }), () => api.post('correct/undo', { correctionId }))
      } catch (error) {
        back()
        toastError(error)
      }
    },
    [api, account, client, conversationId, me, t],
  )
}
