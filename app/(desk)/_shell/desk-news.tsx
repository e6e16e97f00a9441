/** The desk's one ear for what changes in the account: whatever the news made old is asked for again, once for a burst of them, where it is on the screen. */
'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useAccount } from '@/app/_ui/account'
import { useLive } from '@/app/_ui/live'

/** News of one act come together; who asks at each of them has its own questions cancelled, and spends the person's requests of a minute. */
const gather = 50

/** Conversations: pages that are open bring their own rows up to date; the others only have to know that theirs are old. */
const lists = ['inbox', 'tickets']
/** What people set, teach and sell: few of these are ever on the screen together. */
const kept = [
  ...['audit', 'billing', 'cases', 'datasets', 'examples', 'health', 'inboxes', 'intents', 'invitations', 'labels'],
  ...['learning', 'members', 'myself', 'people', 'privacy', 'reviewed', 'routing', 'teams', 'webhooks'],
]

export function DeskNews() {
  const client = useQueryClient()
  const account = useAccount()
  const old = (refetchType: 'none' | 'active', ...keys: string[][]) => {
    for (const key of keys) void client.invalidateQueries({ queryKey: [account, ...key], refetchType })
  }
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(waiting.current), [])
  const changed = () => {
    waiting.current ??= setTimeout(() => {
      waiting.current = undefined
      old('active', ...kept.map((part) => [part]))
    }, gather)
  }
  const listed = () => old('none', ...lists.map((part) => [part]))
  useLive('message.created', listed)
  useLive('message.labelled', listed)
  useLive('conversation.updated', listed)
  useLive('resumed', () => {
    listed()
    changed()
  })
  useLive<{ part?: string }>('account.updated', ({ part }) => {
    changed()
    // Merged intents give conversations another name, too.
    if (part === 'intents') old('active', ['inbox', 'list'])
  })
  useLive('member.updated', changed)
  useLive('inbox.updated', changed)
  return null
}
