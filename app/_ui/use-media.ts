/** Whether a media query holds, kept up to date; false while rendering on the server. */
'use client'

import { useCallback, useSyncExternalStore } from 'react'

export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = matchMedia(query)
      list.addEventListener('change', listener)
      return () => list.removeEventListener('change', listener)
    },
    [query],
  )
  return useSyncExternalStore(
    subscribe,
    () => matchMedia(query).matches,
    () => false,
  )
}

/** A window too narrow for panes side by side. */
export const useNarrow = (): boolean => useMedia('(width < 768px)')
