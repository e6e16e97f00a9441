/** Whether Enter alone sends: each person's own habit, kept in their browser. Off at first: a slip must not reach a customer. */
'use client'

import { useSyncExternalStore } from 'react'

const key = 'lingxi.enterSends'
const listeners = new Set<() => void>()

const read = (): boolean => {
  try {
    return localStorage.getItem(key) === '1'
  } catch {
    // Storage may be closed to us; the safe habit holds.
    return false
  }
}

function write(on: boolean): void {
  try {
    localStorage.setItem(key, on ? '1' : '0')
  } catch {}
  for (const listener of listeners) listener()
}

export function useEnterSends(): [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    read,
    () => false,
  )
  return [on, write]
}
