/** Commands that work on every page of the desk. */
'use client'

import { useRouter } from 'next/navigation'
import { useAccount } from '@/app/_ui/account'
import { ApiError } from '@/app/_ui/api'
import { useCommand } from '@/app/_ui/keyboard'
import { usePreferences } from '@/app/_ui/preferences'
import { toastError } from '@/app/_ui/toast'

export function DeskCommands() {
  const router = useRouter()
  const account = useAccount()
  const { theme, change } = usePreferences()
  // As a press in the rail: without a connection this page stays.
  const go = (place: string) =>
    navigator.onLine ? router.push(`/${account}/${place}`) : toastError(new ApiError('offline', 0))
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
