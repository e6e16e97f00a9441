/** Commands that work on every page of the desk. */
'use client'

import { useRouter } from 'next/navigation'
import { useAccount } from '@/app/_ui/account'
import { useCommand, useLeftPresses } from '@/app/_ui/keyboard'
import { usePreferences } from '@/app/_ui/preferences'
import { useMayWork } from './session'
import { useStaysOffline } from './stays-offline'

export function DeskCommands() {
  const router = useRouter()
  const account = useAccount()
  const { theme, change } = usePreferences()
  const stays = useStaysOffline()
  const go = (place: string) => {
    // As a press in the rail.
    if (!stays()) router.push(`/${account}/${place}`)
  }
  useLeftPresses(useMayWork())
  useCommand('goInbox', () => go('inbox'))
  useCommand('goTickets', () => go('tickets'))
  useCommand('goModels', () => go('models'))
  useCommand('goSettings', () => go('settings'))
  useCommand('theme', () => {
    const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
    change({ theme: dark ? 'light' : 'dark' })
  })
  return null
}
