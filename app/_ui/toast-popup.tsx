/** One shown note with its undo and close; loaded by `toast.tsx` with the first note. */
'use client'

import X from 'lucide-react/icons/x'
import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'
import { commandOf } from './commands'
import { useErrorWords } from './error-words'
import { KeyHint } from './kbd'
import { useAvailableCommands } from './keyboard'
import { dismissToast, type Note, runUndo } from './toast'
import { UpgradeLink } from './upgrade'

/** Milliseconds. */
const lifetime = { note: 4_000, undo: 8_000, error: 10_000 }

/** @param keyed the undo key is for this one */
export default function ToastPopup({ note, keyed }: { note: Note; keyed: boolean }) {
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
  const byKey = useAvailableCommands().includes('undo') && keyed
  const failure = note.error ? words(note.error) : null
  return (
    <div ref={row} className="toast" role={failure ? 'alert' : undefined}>
      <span className="min-w-0">
        {failure ? (
          <>
            <b>{failure.title}</b> {failure.detail} <UpgradeLink error={note.error} />
          </>
        ) : (
          note.text
        )}
      </span>
      <span className="ms-auto flex">
        {note.undo ? (
          <button type="button" onClick={() => runUndo(note)}>
            {t('undo')} {byKey ? <KeyHint keys={commandOf('undo').keys[0] ?? ''} className="max-sm:hidden" /> : null}
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
