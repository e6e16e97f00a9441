/** Short notes at the bottom, mostly "done — undo?"; they wait while a pointer, the focus or another tab holds them. */
'use client'

import X from 'lucide-react/icons/x'
import { useTranslations } from 'next-intl'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { useErrorWords } from './error-words'

type Note = {
  id: number
  text: string
  error?: unknown
  undo?: () => unknown
  action?: { label: string; run: () => void }
}

const shown = 3
const lifetime = { note: 4_000, undo: 8_000, error: 10_000 }
let notes: readonly Note[] = []
let lastId = 0
const listeners = new Set<() => void>()
const nothing: readonly Note[] = []

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
/** Says what was done and offers to take it back; `undo` runs at most once. */
export const toastUndo = (text: string, undo: () => unknown): number => add({ text, undo })
/** Says what failed, in the words of its code. */
export const toastError = (error: unknown): number => add({ text: '', error })

/** Takes back the newest thing that can be taken back (for a key); false when there is none. */
export function undoLatest(): boolean {
  const note = [...notes].reverse().find((one) => one.undo)
  if (!note) return false
  runUndo(note)
  return true
}

function runUndo(note: Note) {
  dismissToast(note.id)
  Promise.resolve(note.undo?.()).catch(toastError)
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
  return (
    <section aria-label={t('notifications')} aria-live="polite" aria-relevant="additions" className="toasts no-print">
      {list.map((note) => (
        <ToastRow key={note.id} note={note} />
      ))}
    </section>
  )
}

function ToastRow({ note }: { note: Note }) {
  const t = useTranslations('common')
  const words = useErrorWords()
  const row = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const life = note.error ? lifetime.error : note.undo || note.action ? lifetime.undo : lifetime.note
    let left = life
    const timer = setInterval(() => {
      const held = document.hidden || row.current?.matches(':hover, :focus-within')
      left = held ? Math.max(left, 2_000) : left - 250
      if (left <= 0) dismissToast(note.id)
    }, 250)
    return () => clearInterval(timer)
  }, [note])
  const failure = note.error ? words(note.error) : null
  return (
    <div ref={row} className="toast" role={failure ? 'alert' : undefined}>
      <span className="min-w-0">
        {failure ? (
          <>
            <b>{failure.title}</b> {failure.detail}
          </>
        ) : (
          note.text
        )}
      </span>
      <span className="ms-auto flex">
        {note.undo ? (
          <button type="button" onClick={() => runUndo(note)}>
            {t('undo')}
          </button>
        ) : null}
        {note.action ? (
          <button
            type="button"
            onClick={() => {
              dismissToast(note.id)
              note.action?.run()
            }}
          >
            {note.action.label}
          </button>
        ) : null}
        <button type="button" aria-label={t('close')} onClick={() => dismissToast(note.id)}>
          <X aria-hidden className="mx-auto size-4" />
        </button>
      </span>
    </div>
  )
}
