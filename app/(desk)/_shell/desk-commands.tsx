/** Commands that work on every page of the desk. */
'use client'

import { useRouter } from 'next/navigation'
import { useAccount } from '@/app/_ui/account'
import { useCommand } from '@/app/_ui/keyboard'
import { usePreferences } from '@/app/_ui/preferences'

export function DeskCommands() {
  const router = useRouter()
  const account = useAccount()
  const { theme, change } = usePreferences()
  useCommand('goInbox', () => router.push(`/${account}/inbox`))
  useCommand('goTickets', () => router.push(`/${account}/tickets`))
  useCommand('goModels', () => router.push(`/${account}/models`))
  useCommand('goSettings', () => router.push(`/${account}/settings`))
  useCommand('theme', () => {
    const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
    change({ theme: dark ? 'light' : 'dark' })
  })
  return null
}
