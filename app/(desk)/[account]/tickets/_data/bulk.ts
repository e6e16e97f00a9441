/** One change for the selected tickets: at once on the screen, then confirmed, with one undo for all of them. */
'use client'

import { type InfiniteData, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useAccount, useApi } from '@/app/_ui/account'
import { toast, toastError, toastUndo } from '@/app/_ui/toast'
import { withoutChange } from '@/app/(desk)/[account]/inbox/_data/merge'
import type { BulkChange } from '@/lib/features/tickets/input'
import type { TakenBack } from '@/lib/features/undo/write'
import type { BulkDone } from '@/lib/flows/bulk-update'
import type { Ticket, TicketList } from '@/lib/flows/list-tickets'

/** @param say the words for so many changed tickets */
export type RunBulk = (ids: string[], change: BulkChange, say: (count: number) => string) => Promise<void>

/** The ticket as it will be; what follows from it (a clock that stops) comes with the answer. */
function changed(ticket: Ticket, { addLabelIds = [], removeLabelIds = [], ...columns }: BulkChange): Ticket {
  const labelIds = [...new Set([...ticket.labelIds.filter((id) => !removeLabelIds.includes(id)), ...addLabelIds])]
  return { ...ticket, ...columns, labelIds }
}

export function useBulk(): RunBulk {
  const t = useTranslations('tickets.done')
  const api = useApi()
  const account = useAccount()
  const client = useQueryClient()
  const key = [account, 'tickets']
  const again = () => {
    void client.invalidateQueries({ queryKey: key })
    void client.invalidateQueries({ queryKey: [account, 'inbox'] })
  }
  /** @param turn gets the ticket and the list that it stands in: each may have read it at another time */
  const put = (turn: (ticket: Ticket, list: string) => Ticket) => {
    for (const [list, data] of client.getQueriesData<InfiniteData<TicketList>>({ queryKey: key })) {
      const turned = (ticket: Ticket) => turn(ticket, JSON.stringify(list))
      const pages = data?.pages.map((page) => ({ ...page, tickets: page.tickets.map(turned) }))
      if (pages) client.setQueryData(list, { ...data, pages })
    }
  }
  /** Returns the way back. */
  const show = (ids: ReadonlySet<string>, change: BulkChange): (() => void) => {
    const before = new Map<string, Ticket>()
    put((ticket, list) => {
      if (!ids.has(ticket.id)) return ticket
      before.set(`${ticket.id} ${list}`, ticket)
      return changed(ticket, change)
    })
    return () =>
      put((ticket, list) => {
        const was = before.get(`${ticket.id} ${list}`)
        return was ? withoutChange(ticket, was, changed(was, change)) : ticket
      })
  }

  const undo = async (undoId: string) => {
    const { restored, kept } = await api.post<TakenBack>(`undo/${undoId}`)
    toast([t('undone', { count: restored }), kept ? t('kept', { count: kept }) : ''].filter(Boolean).join(' · '))
    again()
  }

  return async (ids, change, say) => {
    const back = show(new Set(ids), change)
    try {
      const { changed: count, refused, undoId } = await api.post<BulkDone>('tickets/bulk', { ids, change })
      const words = [count ? say(count) : t('nothing'), refused ? t('refused', { count: refused }) : '']
      const text = words.filter(Boolean).join(' · ')
      if (undoId) toastUndo(text, () => undo(undoId))
      else toast(text)
    } catch (error) {
      back()
      toastError(error)
    }
    again()
  }
}
