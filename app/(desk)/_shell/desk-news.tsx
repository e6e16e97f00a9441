/** Hears the account's news on every page of the desk, so that a page that is come back to asks again for what changed meanwhile. */
'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useAccount } from '@/app/_ui/account'
import { useLive } from '@/app/_ui/live'

export function DeskNews() {
  const client = useQueryClient()
  const account = useAccount()
  // Pages that are open bring their own rows up to date; the others only have to know that theirs are old.
  const old = () => {
    for (const part of ['inbox', 'tickets'])
      void client.invalidateQueries({ queryKey: [account, part], refetchType: 'none' })
  }
  useLive('message.created', old)
  useLive('message.labelled', old)
  useLive('conversation.updated', old)
  useLive('resumed', old)
  const names = () => {
    for (const part of ['people', 'intents']) void client.invalidateQueries({ queryKey: [account, part] })
  }
  useLive<{ part?: string }>('account.updated', ({ part }) => {
    names()
    // Merged intents give conversations another name, too.
    if (part === 'intents') void client.invalidateQueries({ queryKey: [account, 'inbox', 'list'] })
  })
  useLive('member.updated', names)
  useLive('inbox.updated', names)
  return null
}
