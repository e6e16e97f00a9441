/** Whether this browser shows a person notices of new messages beside the desk: off until they ask for it, and for them alone. */
'use client'

import { lazy, Suspense, useCallback, useSyncExternalStore } from 'react'
import { whenNeeded } from '@/app/_ui/when-needed'
import { useOwner } from './session'

const Watch = lazy(whenNeeded(() => import('./notices-watch').then((module) => ({ default: module.NoticesWatch }))))

const listeners = new Set<() => void>()
const placeOf = (owner: string) => `lingxi.notices.${owner}`

function isOn(owner: string | null): boolean {
  try {
    return owner !== null && localStorage.getItem(placeOf(owner)) === 'on' && Notification.permission === 'granted'
  } catch {
    return false
  }
}

/** Only there on an encrypted address or this machine itself. */
export const noticesPossible = (): boolean => 'Notification' in window && isSecureContext

/** Call it from a press: the browser asks the person. False when notices are wished for and the browser lets none through. */
export async function changeNotices(owner: string, on: boolean): Promise<boolean> {
  const may = !on || (await Notification.requestPermission()) === 'granted'
  if (on && may) localStorage.setItem(placeOf(owner), 'on')
  else localStorage.removeItem(placeOf(owner))
  for (const listener of listeners) listener()
  return may
}

export function useNotices(): boolean {
  const owner = useOwner()
  const subscribe = useCallback((listener: () => void) => {
    listeners.add(listener)
    // Another tab may have changed it.
    window.addEventListener('storage', listener)
    return () => {
      listeners.delete(listener)
      window.removeEventListener('storage', listener)
    }
  }, [])
  return useSyncExternalStore(
    subscribe,
    () => isOn(owner),
    () => false,
  )
}

export function Notices() {
  return useNotices() ? (
    <Suspense>
      <Watch />
    </Suspense>
  ) : null
}
