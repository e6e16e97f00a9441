/** A person's own choices about looks and keys, kept in one cookie so that the server's first paint is already right. */
'use client'

import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react'
import { lookCookie, type Preferences, writeLook } from './look'

type Value = Preferences & { change: (next: Partial<Preferences>) => void }
const PreferencesContext = createContext<Value | null>(null)

/** A year: long enough to feel remembered. */
export function keepCookie(name: string, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox before 140
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=31536000; samesite=lax`
}

export function PreferencesProvider({ initial, children }: { initial: Preferences; children: ReactNode }) {
  const [preferences, setPreferences] = useState(initial)
  const change = useCallback((next: Partial<Preferences>) => {
    setPreferences((old) => {
      const all = { ...old, ...next, panes: { ...old.panes, ...next.panes } }
      keepCookie(lookCookie, writeLook(all))
      const root = document.documentElement
      if (all.theme === 'system') delete root.dataset.theme
      else root.dataset.theme = all.theme
      root.dataset.density = all.density
      return all
    })
  }, [])
  const value = useMemo(() => ({ ...preferences, change }), [preferences, change])
  return <PreferencesContext value={value}>{children}</PreferencesContext>
}

export function usePreferences(): Value {
  const value = useContext(PreferencesContext)
  if (!value) throw new Error('This component needs a PreferencesProvider above it.')
  return value
}
