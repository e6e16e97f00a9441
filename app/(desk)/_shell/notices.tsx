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

/** What may say no to notices: the person or their browser, or a browser that leaves them to service workers (Chrome on Android). */
export type NoNotices = 'noticesBlocked' | 'noticesUnable'

/** Call it from a press: the browser asks the person. Says why there are none, where they are wished for. */
export async function changeNotices(owner: string, on: boolean): Promise<NoNotices | null> {
  const no = on ? await noNotices() : null
  if (on && !no) localStorage.setItem(placeOf(owner), 'on')
  else localStorage.removeItem(placeOf(owner))
  for (const listener of listeners) listener()
  return no
}

async function noNotices(): Promise<NoNotices | null> {
  if ((await Notification.requestPermission()) !== 'granted') return 'noticesBlocked'
  try {
    // Only making one tells. It goes before anybody sees it.
    new Notification('Lingxi', { silent: true, tag: 'lingxi' }).close()
    return null
  } catch {
    return 'noticesUnable'
  }
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
