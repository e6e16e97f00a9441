/** Shows a notice for a visitor's message while nobody looks at the desk: of one's own conversations, and of those that nobody has. */
'use client'

import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import { useLive } from '@/app/_ui/live'
import { toast } from '@/app/_ui/toast'
import type { ConversationRow } from '@/lib/features/conversations/row'
import type { People } from '@/lib/flows/read-people'
import { changeNotices } from './notices'
import { useMembership, useOwner } from './session'

/** Milliseconds in which messages gather: one notice for each conversation, with its newest words. */
const gather = 400

export function NoticesWatch() {
  const t = useTranslations('desk.notice')
  const user = useTranslations('desk.user')
  const owner = useOwner()
  const account = useAccount()
  const api = useApi()
  const router = useRouter()
  const away = useMembership()?.availability === 'away'
  const seen = `lingxi seen ${account}`
  const fresh = useRef(new Set<string>())
  const shown = useRef(new Set<Notification>())
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  useEffect(() => {
    let looking = new AbortController()
    const look = () => {
      looking.abort()
      if (document.hidden) return
      clearTimeout(timer.current)
      timer.current = undefined
      fresh.current.clear()
      for (const notice of shown.current) notice.close()
      shown.current.clear()
      // Held while this tab can be seen: the others then have nothing to say.
      looking = new AbortController()
      const { signal } = looking
      const held = () =>
        new Promise<void>((done) => {
          // It may be given after the tab went out of sight again.
          if (signal.aborted) done()
          else signal.addEventListener('abort', () => done(), { once: true })
        })
      navigator.locks.request(seen, { mode: 'shared', signal }, held).catch(() => {
        // Nobody waits for it any more.
      })
    }
    look()
    document.addEventListener('visibilitychange', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      clearTimeout(timer.current)
      looking.abort()
    }
  }, [seen])

  /** False when this browser makes none. */
  const show = (row: ConversationRow): boolean => {
    // The same tag from another tab takes the place of this one.
    const options = { body: row.preview ?? t('unreadable'), tag: row.id, icon: '/icon.svg' }
    let notice: Notification
    try {
      notice = new Notification(row.contact.name ?? t('visitor'), options)
    } catch {
      // Chrome on Android offers them to service workers alone.
      if (owner) void changeNotices(owner, false)
      toast(user('noticesUnable'))
      return false
    }
    shown.current.add(notice)
    notice.onclick = () => {
      window.focus()
      router.push(`/${account}/inbox/${row.displayId}`)
      notice.close()
    }
    return true
  }

  const tell = async () => {
    timer.current = undefined
    const ids = [...fresh.current].slice(0, 20)
    fresh.current.clear()
    const { held } = await navigator.locks.query()
    if (!document.hidden || held?.some(({ name }) => name === seen)) return
    const query = { tab: 'all', status: 'any', ids: ids.join(','), limit: 100 }
    const [{ rows }, { me }] = await Promise.all([
      api.get<{ rows: ConversationRow[] }>('conversations', query),
      api.get<People>('people'),
    ])
    const mine = ({ assigneeId }: ConversationRow) => assigneeId === null || assigneeId === me
    for (const row of rows) if (row.previewKind === 'incoming' && row.unread && mine(row) && !show(row)) break
  }

  useLive<{ conversationId: string | null }>('message.created', ({ conversationId }) => {
    if (!conversationId || !document.hidden || away) return
    fresh.current.add(conversationId)
    // A notice that could not be made is not made up for: the list has the message.
    timer.current ??= setTimeout(() => void tell().catch(() => {}), gather)
  })
  return null
}
