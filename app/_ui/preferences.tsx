/** A person's own choices about looks and keys, kept in one cookie so that the server's first paint is already right. */
'use client'

import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react'
import type { Locale } from '@/lib/words/locale'
import { lookCookie, type Preferences, writeLook } from './look'

type Value = Preferences & {
  change: (next: Partial<Preferences>) => void
  /** Takes over what was chosen elsewhere. */
  adopt: (next: Partial<Preferences>) => void
}
const PreferencesContext = createContext<Value | null>(null)

/** Widths of panes belong to a screen; everything else to the person. */
export type Choice = Partial<Omit<Preferences, 'panes'>> & { locale?: Locale }
type Listener = (choice: Choice) => void
const listeners = new Set<Listener>()

/** Whoever keeps choices beyond this browser hears of each. */
export function followChoices(listener: Listener): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
export function tellChoice(choice: Choice): void {
  for (const listener of listeners) listener(choice)
}

/** A year: long enough to feel remembered. */
export function keepCookie(name: string, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox before 140
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=31536000; samesite=lax`
}

export function PreferencesProvider({ initial, children }: { initial: Preferences; children: ReactNode }) {
  const [preferences, setPreferences] = useState(initial)
  const adopt = useCallback((next: Partial<Preferences>) => {
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
  const change = useCallback(
    (next: Partial<Preferences>) => {
      adopt(next)
      const { panes: _screen, ...choice } = next
      if (Object.keys(choice).length) tellChoice(choice)
    },
    [adopt],
  )
  const value = useMemo(() => ({ ...preferences, change, adopt }), [preferences, change, adopt])
  return <PreferencesContext value={value}>{children}</PreferencesContext>
}

export function usePreferences(): Value {
  const value = useContext(PreferencesContext)
  if (!value) throw new Error('This component needs a PreferencesProvider above it.')
  return value
}
