/** Keys as they are printed on the reader's keyboard: ⌘ on a Mac, Ctrl elsewhere. */
'use client'

import { useSyncExternalStore } from 'react'
import { cn } from './cn'
import { usePreferences } from './preferences'

const never = () => () => {}
export const useIsMac = (): boolean =>
  useSyncExternalStore(
    never,
    () => /Mac|iPhone|iPad/.test(navigator.platform),
    () => false,
  )

const names: Record<string, [other: string, mac: string]> = {
  mod: ['Ctrl', '⌘'],
  alt: ['Alt', '⌥'],
  shift: ['Shift', '⇧'],
  enter: ['Enter', '↵'],
  escape: ['Esc', 'Esc'],
  arrowup: ['↑', '↑'],
  arrowdown: ['↓', '↓'],
}

/** `mod+k` → ['Ctrl', 'K'] or ['⌘', 'K']; `g i` → ['G', 'I']. */
export function keyNames(keys: string, mac: boolean): string[] {
  return keys
    .split(/[+ ]/)
    .map((key) => names[key.toLowerCase()]?.[mac ? 1 : 0] ?? (key.length === 1 ? key.toUpperCase() : key))
}

export function Kbd({ keys, className }: { keys: string; className?: string }) {
  const mac = useIsMac()
  return (
    <span className={cn('inline-flex gap-0.5', className)}>
      {keyNames(keys, mac).map((name, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a key's place is its identity
        <kbd key={index} className="kbd">
          {name}
        </kbd>
      ))}
    </span>
  )
}

/** Beside what a key does: a single key is not promised to whoever switched those off. */
export function KeyHint(props: { keys: string; className?: string }) {
  const { keys: single } = usePreferences()
  return single || props.keys.includes('+') ? <Kbd {...props} /> : null
}
