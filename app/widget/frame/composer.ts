/** Where the visitor writes: Enter sends (never while an input method composes), the box grows, the draft survives a reload. */
import { find, write } from './dom'
import { get, set } from './store'
import { words } from './words'

/** The server's limit, in characters. */
const LIMIT = 8000
/** The counter appears when this many are left. */
const NEAR = 500

export const draft = find<HTMLTextAreaElement>('draft')
const send = find<HTMLButtonElement>('send')

export function measure() {
  const left = LIMIT - draft.value.length
  draft.style.height = 'auto'
  draft.style.height = `${draft.scrollHeight}px`
  send.disabled = left < 0 || !draft.value.trim()
  draft.ariaInvalid = `${left < 0}`
  write(find('count'), left < 0 ? -left + words.over : left < NEAR ? left + words.left : '')
}

function fillIn(text: string) {
  draft.value = text
  set('draft', text)
  measure()
}

export function onSend(sent: (text: string) => void) {
  const submit = (event: Event) => {
    event.preventDefault()
    if (send.disabled) return
    // NUL and half characters are refused by every server.
    const text = draft.value.trim().replaceAll('\0', '')
    fillIn('')
    sent(text.toWellFormed?.() ?? text)
    draft.focus()
  }
  draft.value = get('draft') ?? ''
  draft.oninput = () => fillIn(draft.value)
  draft.onkeydown = (event) => {
    // 229: the key still belongs to the input method (Safari ends the composition before this event).
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229) submit(event)
  }
  find('form').onsubmit = submit
}
