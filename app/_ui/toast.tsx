/** Short notes at the bottom, mostly "done — undo?"; they wait while a pointer, the focus or another tab holds them. */
'use client'

import { useTranslations } from 'next-intl'
import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react'
import { worthRetrying } from './api'
import { whenNeeded } from './when-needed'

const load = whenNeeded(() => import('./toast-popup'))
const ToastPopup = lazy(load)

export type Note = {
  id: number
  text: string
  error?: unknown
  undo?: () => unknown
  action?: { label: string; run: () => void }
}

const shown = 3
let notes: readonly Note[] = []
let lastId = 0
const listeners = new Set<() => void>()
const nothing: readonly Note[] = []
const touches = ['pointerdown', 'keydown'] as const

function set(next: readonly Note[]) {
  notes = next
  for (const listener of listeners) listener()
}

function add(note: Omit<Note, 'id'>): number {
  const id = ++lastId
  set([...notes, { ...note, id }].slice(-shown))
  return id
}

export const dismissToast = (id: number): void => set(notes.filter((note) => note.id !== id))

/** Says that something happened. */
export const toast = (text: string, action?: Note['action']): number => add({ text, action })
/** Says what was done and offers to take it back; `undo` runs until it has got through. */
export const toastUndo = (text: string, undo: () => unknown): number => add({ text, undo })
/** Says what failed, in the words of its code; `undo` takes back what was done until then. */
export const toastError = (error: unknown, undo?: () => unknown): number =>
  add({ text: '', error, ...(undo ? { undo } : {}) })

/** Takes back the newest thing that can be taken back (for a key); false when there is none. */
export function undoLatest(): boolean {
  const note = [...notes].reverse().find((one) => one.undo)
  if (!note) return false
  runUndo(note)
  return true
}

export function runUndo(note: Note) {
  dismissToast(note.id)
  Promise.resolve(note.undo?.()).catch((error) => {
    toastError(error)
    // What did not get through can be pressed again.
    if (worthRetrying(error)) add(note)
  })
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function Toaster() {
  const t = useTranslations('common')
  const list = useSyncExternalStore(
    subscribe,
    () => notes,
    () => nothing,
  )
  // A note about a lost connection cannot fetch its own code: it comes with the first touch.
  useEffect(() => {
    const touched = () => void load()
    for (const name of touches) document.addEventListener(name, touched, { once: true })
    return () => {
      for (const name of touches) document.removeEventListener(name, touched)
    }
  }, [])
  const newest = list.findLast(({ undo }) => undo)
  return (
    <section aria-label={t('notifications')} aria-live="polite" aria-relevant="additions" className="toasts no-print">
      <Suspense>
        {list.map((note) => (
          <ToastPopup key={note.id} note={note} keyed={note === newest} />
        ))}
      </Suspense>
    </section>
  )
}
