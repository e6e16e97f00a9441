/** What outlives a reload, by name. Each name has a place of its own, so that two tabs never overwrite each other's messages. */

import { tell } from './host-page'

/** This inbox's site key. */
export const siteKey = new URLSearchParams(location.search).get('key') ?? ''

const prefix = `lingxi:${siteKey}:`
let box: Record<string, string>
let borrowed = false
try {
  box = localStorage as unknown as Record<string, string>
} catch {
  // Browsers may forbid storage to frames of other sites. Then our window's name serves, which outlives a reload of the frame,
  // and the page keeps a copy for as long as its tab is open.
  borrowed = true
  box = JSON.parse(window.name || '{}')
}

let leaving = false

/** Takes what the page kept for us, once, by starting over with it. True, until we are gone: nothing else is worth doing now. */
export function borrow(kept?: string): boolean {
  if (borrowed && kept && !window.name) {
    window.name = kept
    leaving = true
    location.reload()
  }
  return leaving
}

export const get = (name: string): string | undefined => box[prefix + name]

/** An empty value removes. */
export function set(name: string, value?: string) {
  const key = prefix + name
  try {
    if (value) box[key] = value
    else delete box[key]
  } catch {
    // No room left: memory, from here on.
    box = { ...box, [key]: value ?? '' }
  }
  if (!borrowed) return
  window.name = JSON.stringify(box)
  tell({ box: window.name })
}

export const names = (start: string): string[] =>
  Object.keys(box)
    .filter((key) => key.startsWith(prefix + start))
    .map((key) => key.slice(prefix.length))
