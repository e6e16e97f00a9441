/** The inboxes as the API gives them (dates as text). */
'use client'

import { useTranslations } from 'next-intl'
import { useCallback } from 'react'
import { toastError, toastUndo } from '@/app/_ui/toast'
import type { InboxChange } from '@/lib/features/inboxes/input'
import type { InboxSettings as Stored } from '@/lib/features/inboxes/read'
import { useSettings } from '../../_parts/use-settings'

export type InboxSettings = Omit<Stored, 'createdAt' | 'archivedAt'> & { archivedAt: string | null }
export interface InboxData {
  publicUrl: string
  inboxes: InboxSettings[]
}

export const useInboxes = () => useSettings<InboxData>('inboxes')

/** Changes an inbox: on the screen at once, taken back when the server refuses, with undo. False when refused. */
export function useChangeInbox(inbox: InboxSettings) {
  const t = useTranslations('settings.inbox.save')
  const { api, again, show } = useInboxes()
  return useCallback(
    async (change: InboxChange, said: string = t('saved')): Promise<boolean> => {
      const before = Object.fromEntries(
        Object.keys(change).map((name) => [
          name,
          name === 'archived' ? inbox.archivedAt !== null : inbox[name as keyof InboxSettings],
        ]),
      )
      const { archived: _archived, ...shown } = change
      show((old) => ({
        ...old,
        inboxes: old.inboxes.map((one) => (one.id === inbox.id ? ({ ...one, ...shown } as InboxSettings) : one)),
      }))
      try {
        await api.patch(`inboxes/${inbox.id}`, change)
        toastUndo(said, () => api.patch(`inboxes/${inbox.id}`, before).then(again))
        return true
      } catch (error) {
        toastError(error)
        return false
      } finally {
        await again()
      }
    },
    [api, again, show, inbox, t],
  )
}
