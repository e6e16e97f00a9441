/** Listens to the keyboard once, for every command that the page can do now. */
'use client'

import { useLayoutEffect, useRef, useSyncExternalStore } from 'react'
import { type CommandId, commandIds, commandOf } from './commands'
import { usePreferences } from './preferences'

/** `left`: what it was pressed for is open no more. */
type Run = (left?: boolean) => void
/** The last one bound wins, so that a dialog or pane can take a command over while it is there. */
const bound = new Map<CommandId, Run[]>()
const listeners = new Set<() => void>()
let available: readonly CommandId[] = []
const none: readonly CommandId[] = []
/** Pressed before it was known whether they may be done, for something that was left meanwhile. */
let leftPresses: Run[] = []

function changed() {
  available = commandIds.filter((id) => bound.get(id)?.length)
  for (const listener of listeners) listener()
}

/**
 * Binds a command while the component is there (and while `on` is true). While it is not known yet whether it may be done
 * (`on` is null), a press is kept and done once it may; when the component goes before, `useLeftPresses` has it.
 */
export function useCommand(id: CommandId, run: Run, on: boolean | null = true): void {
  const latest = useRef(run)
  const early = useRef(false)
  // With what is shown, not after it: the next key may come at once.
  useLayoutEffect(() => {
    latest.current = run
  })
  useLayoutEffect(() => {
    const kept = early.current
    early.current = false
    if (on === false) return
    if (on && kept) latest.current()
    const mine = () => {
      if (on) latest.current()
      else early.current = true
    }
    bound.set(id, [...(bound.get(id) ?? []), mine])
    changed()
    return () => {
      bound.set(
        id,
        (bound.get(id) ?? []).filter((one) => one !== mine),
      )
      changed()
    }
  }, [id, on])
  useLayoutEffect(
    () => () => {
      if (early.current) leftPresses.push(latest.current)
      early.current = false
    },
    [],
  )
}

/** Mount once: does what was pressed too early for something that is open no more, once it may be done (or drops it). */
export function useLeftPresses(may: boolean | null): void {
  useLayoutEffect(() => {
    if (may === null) return
    const known = leftPresses
    leftPresses = []
    if (may) for (const run of known) run(true)
  }, [may])
  useLayoutEffect(
    () => () => {
      leftPresses = []
    },
    [],
  )
}

/** Does it; false when nothing on the page can. */
export function runCommand(id: CommandId): boolean {
  const run = bound.get(id)?.at(-1)
  run?.()
  return run !== undefined
}

/** What the page can do now. */
export const useAvailableCommands = (): readonly CommandId[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => available,
    () => none,
  )

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches('textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])'))

/** Menus, lists and dialogs use letters and arrows themselves. */
const busyPlace = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest('[role=menu], [role=listbox], [role=dialog], [role=alertdialog], [data-keys=off]') !== null

type Held = Pick<KeyboardEvent, 'isComposing' | 'keyCode'>
/** 229 is what some browsers send for keys that an input method is composing with. */
const composing = (event: Held): boolean => event.isComposing || event.keyCode === 229

type Modified = Pick<KeyboardEvent, 'defaultPrevented' | 'repeat' | 'ctrlKey' | 'metaKey' | 'altKey' | 'target'>
/** Whether a page may take it as one key of its own: what a held key goes on sending is no press. */
export const isPressOf = (event: Held & Modified): boolean =>
  !(event.defaultPrevented || event.repeat || composing(event)) &&
  !(event.ctrlKey || event.metaKey || event.altKey) &&
  !(typing(event.target) || busyPlace(event.target))

/** Single keys of one page that are no commands (the choices it numbers); `act` says whether it took the key. */
export function usePageKeys(act: (key: string) => boolean): void {
  const { keys: single } = usePreferences()
  const latest = useRef(act)
  const on = useRef(single)
  // With what is shown, not after it: the next key may come at once.
  useLayoutEffect(() => {
    latest.current = act
    on.current = single
  })
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!on.current || !isPressOf(event)) return
      // A focused button or link hears Enter itself.
      if (event.key === 'Enter' && event.target instanceof Element && event.target.closest('button, a')) return
      if (latest.current(event.key)) event.preventDefault()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}

/** The pressed keys in the registry's spelling. `shift` is only said for letters: `?` is `?` on every layout. */
export function pressed(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const letter = /^\p{L}$/u.test(event.key)
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  return [
    event.ctrlKey || event.metaKey ? 'mod' : '',
    event.altKey ? 'alt' : '',
    event.shiftKey && (letter || event.key.length > 1) ? 'shift' : '',
    key,
  ]
    .filter(Boolean)
    .join('+')
}

/** Milliseconds in which the second key of `g i` must follow. */
const sequenceTime = 1_200

/** Mount once (the desk's shell does). */
export function KeyboardListener() {
  const { keys: single } = usePreferences()
  useLayoutEffect(() => {
    let first = { keys: '', at: 0 }
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || composing(event)) return
      const now = pressed(event)
      const combined = now.startsWith('mod+')
      if (!combined && (!single || event.altKey || typing(event.target) || busyPlace(event.target))) return
      // Enter and the arrows belong to whatever control has the focus.
      if (
        (now === 'Enter' || now.startsWith('Arrow')) &&
        event.target instanceof Element &&
        event.target.closest('button, a, input, summary, [role=separator]')
      )
        return
      const sequence = event.timeStamp - first.at < sequenceTime ? `${first.keys} ${now}` : ''
      const match = (keys: string) =>
        commandIds.find((id) => bound.get(id)?.length && commandOf(id).keys.includes(keys))
      const id = (sequence && match(sequence)) || match(now)
      first = { keys: now, at: event.timeStamp }
      // A held key moves on and on; it does nothing else twice.
      if (id && event.repeat && id !== 'next' && id !== 'previous') return event.preventDefault()
      if (id && runCommand(id)) {
        first = { keys: '', at: 0 }
        event.preventDefault()
      }
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [single])
  return null
}
