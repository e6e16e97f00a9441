/** The chat inside the frame: joins page, session, outbox, stream and transcript. */
import type { PageState } from '../shared/note'
import { draft, measure, onSend } from './composer'
import { find, make, write } from './dom'
import { followPage, page, tell } from './host-page'
import { live } from './live'
import { more } from './more'
import { whenChanged } from './news'
import { createOutbox } from './outbox'
import { ask, beginning, hello, identify, isBlocked, type Refusal, session } from './session'
import { borrow, get, set } from './store'
import { emptyThread, receive } from './thread'
import { paint, toEnd } from './transcript'
import { words } from './words'

const root = document.documentElement
const thread = emptyThread()
const system = matchMedia('(prefers-color-scheme:dark)')
let trouble: Refusal | undefined
let accent = ''
let unread = 0

const outbox = createOutbox(async (item) => {
  const { clientId, text, attachments } = item
  const answer = await ask('messages', { clientId, text, attachments: attachments?.map(({ id }) => id) })
  receive(thread, { ...item, ...(await answer.json()), state: undefined })
})

/** Colours and words; those of the business come before ours. */
function drawInbox() {
  const { name, online, away, greeting, placeholder, disclosure, accent: colour, ink } = session.inbox ?? {}
  write(find('trouble'), trouble || !navigator.onLine ? words.lost : '')
  if (isBlocked(trouble)) {
    write(find('greeting'), words.blocked)
    find('disclosure').hidden = find('trouble').hidden = find('form').hidden = true
  } else if (greeting) write(find('greeting'), greeting)
  if (disclosure != null) write(find('disclosure'), disclosure)
  if (!name) return
  write(find('name'), name)
  write(find('presence'), online ? words.online : away || words.away)
  find('presence').className = `${online}`
  if (placeholder) draft.placeholder = placeholder
  if (colour === accent) return
  accent = colour!
  root.style.setProperty('--accent', accent)
  root.style.setProperty('--ink', ink!)
  tell({ accent })
}

function draw() {
  const { messages } = thread
  root.className = page.theme || (system.matches ? 'dark' : '')
  drawInbox()
  const waiting = outbox.items.filter(({ clientId }) => !thread.known.has(clientId))
  paint([...messages, ...waiting], outbox.retry)
  if (page.open && !document.hidden) set('read', `${messages.at(-1)?.sequence ?? 0}`)
  const count = messages.filter(({ from, sequence }) => from === 'agent' && sequence > +(get('read') ?? 0)).length
  if (count === unread) return
  unread = count
  tell({ unread })
}

function connect() {
  hello()
  outbox.flush()
  live(thread, (now) => {
    if (trouble && !now) outbox.wake()
    trouble = now
    draw()
    // What was there before is not news: only from now on may a screen reader speak.
    if (!now)
      setTimeout(() => {
        find('log').ariaLive = 'polite'
      }, 100)
  })
}

function told(before: PageState) {
  if (borrow(page.box)) return
  if (page.who) identify(page.who)
  document.body.hidden = false
  draw()
  // Nothing is asked of the server before the visitor has opened the chat, in this page or an earlier one of this tab.
  if (beginning === undefined && (page.open || page.seen)) connect()
  if (!page.open || before.open) return
  measure()
  toEnd()
  if (page.focus) draft.focus()
}

/** Taken hold of at once: neither clipboard nor chooser keeps them. */
function attach(files: FileList) {
  const chosen = [...files]
  more().then((loaded) => loaded?.attach(chosen))
}

const close = () => tell({ close: true })

onSend((text, files) => {
  outbox.add(text, files)
  toEnd()
})
whenChanged(draw)
find('close').onclick = close
find('attach').onclick = () => {
  const input = make('input', {
    type: 'file',
    multiple: true,
    accept: 'image/jpeg,.png,.gif,.webp,.pdf,.txt,.csv',
    onchange: () => attach(input.files!),
  })
  input.click()
}
// What brings words along (cells of a table bring a picture, too) is pasted as words.
root.onpaste = ({ clipboardData: data }) => data!.getData('text') || attach(data!.files)
// A file that comes flying is caught by what is fetched meanwhile.
root.ondragenter = more
root.onkeydown = (event) => {
  if (event.key === 'Escape' && !event.isComposing && event.keyCode !== 229) close()
}
system.onchange = document.onvisibilitychange = draw
window.ononline = window.onoffline = draw
followPage(told)
