/** The transcript: draws what is new and leaves the rest alone, so that a screen reader hears each message once. */
import { find, make, write } from './dom'
import { linkify } from './linkify'
import { more } from './more'
import type { Message, Waiting } from './types'
import { locale, words } from './words'

type Entry = Message | Waiting

const log = find('log')
// Its style turns it upside down: scrolled to 0 is the end, where it stays by itself, and what is being read stays, too.
const room = find('room')
const jump = find('jump')
const drawn = new Map<string, HTMLElement>()

export function toEnd() {
  room.scrollTop = 0
}

const away = () => room.scrollTop < -40

room.onscroll = () => {
  if (!away()) jump.hidden = true
}
jump.onclick = toEnd

function when(at: Date) {
  const today = at.toDateString() === new Date().toDateString()
  return at.toLocaleString(locale, { timeStyle: 'short', dateStyle: today ? undefined : 'medium' })
}

function draw({ from, text, attachments }: Entry) {
  // (noreferrer implies noopener.)
  const pieces = linkify(text).map(({ text, href }) =>
    href ? make('a', { href, target: '_blank', rel: 'noreferrer' }, text) : text,
  )
  const own = from === 'visitor'
  if (!own && away()) jump.hidden = false
  // Own words are not news to who wrote them.
  const props = { className: from, ariaLive: own ? 'off' : null }
  const said = make('p', { dir: 'auto' }, ...pieces)
  if (attachments?.[0]) more().then((loaded) => loaded?.show(said, attachments))
  return make('div', props, make('p'), said, make('p'))
}

/** @param entries in order; a message that is confirmed keeps the element it had while it waited */
export function paint(entries: readonly Entry[], retry: (item: Waiting) => void) {
  let above = ''
  for (const [place, entry] of entries.entries()) {
    const { from, state, authorName, createdAt } = entry as Message & Waiting
    const key = entry.clientId ?? (entry as Message).id
    const element = drawn.get(key) ?? draw(entry)
    drawn.set(key, element)
    if (log.children[place] !== element) log.insertBefore(element, log.children[place] ?? null)
    const [name, , said] = element.children
    // Messages of one person within a minute stand under one name.
    const label = `${authorName || words[from]} · ${when(new Date(createdAt))}`
    write(name!, label === above ? '' : label)
    above = label
    const status = state ?? (from === 'visitor' && place === entries.length - 1 ? 'sent' : '')
    if (said!.className === status) continue
    said!.className = status
    // A failure is news to who wrote, too.
    said!.role = state === 'failed' ? 'alert' : null
    said!.replaceChildren(status && words[status])
    if (state === 'failed') said!.append(' ', make('button', { onclick: () => retry(entry as Waiting) }, words.retry))
  }
  while (log.children.length > entries.length) log.lastChild!.remove()
}
