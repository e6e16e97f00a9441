/** One change for the selected tickets: at once on the screen, then confirmed, with one undo for all of them. */
'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import { toast, toastError, toastUndo } from '@/app/_ui/toast'
import type { BulkChange } from '@/lib/features/tickets/input'
import type { BulkDone } from '@/lib/flows/bulk-update'
import type { TakenBack } from '@/lib/flows/take-back'

/** @param say the words for so many changed tickets */
export type RunBulk = (ids: string[], change: BulkChange, say: (count: number) => string) => Promise<boolean>

export function useBulk(): { run: RunBulk; working: boolean } {
  const t = useTranslations('tickets.done')
  const api = useApi()
  const account = useAccount()
  const client = useQueryClient()
  const [working, setWorking] = useState(false)
  const again = () => {
    void client.invalidateQueries({ queryKey: [account, 'tickets'] })
    void client.invalidateQueries({ queryKey: [account, 'conversations'] })
  }

  const undo = async (undoId: string) => {
    const { restored, kept } = await api.post<TakenBack>(`undo/${undoId}`)
    toast([t('undone', { count: restored }), kept ? t('kept', { count: kept }) : ''].filter(Boolean).join(' · '))
    again()
  }

  const run: RunBulk = async (ids, change, say) => {
    setWorking(true)
    try {
      const { changed, refused, undoId } = await api.post<BulkDone>('tickets/bulk', { ids, change })
      const words = [changed ? say(changed) : t('nothing'), refused ? t('refused', { count: refused }) : '']
      const text = words.filter(Boolean).join(' · ')
      if (undoId) toastUndo(text, () => undo(undoId))
      else toast(text)
      again()
      return true
    } catch (error) {
      toastError(error)
      return false
    } finally {
      setWorking(false)
    }
  }
  return { run, working }
}
