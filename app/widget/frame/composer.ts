/** Where the visitor writes: Enter sends (never while an input method composes), the box grows, the draft survives a reload. */
import { find } from './dom'
import { attached, more } from './more'
import { get, set } from './store'
import type { Attachment } from './types'

/** The server's limit, in characters. */
const LIMIT = 8000
/** The counter appears when this many are left. */
const NEAR = 500

export const draft = find<HTMLTextAreaElement>('draft')
const send = find<HTMLButtonElement>('send')

export function measure() {
  const left = LIMIT - [...draft.value].length
  draft.style.height = 'auto'
  draft.style.height = `${draft.scrollHeight}px`
  send.disabled = left < 0 || !(draft.value.trim() || attached[0])
  if (left < NEAR) more()
}

function fillIn(text: string) {
  draft.value = text
  set('draft', text)
  measure()
}

export function onSend(sent: (text: string, files: Attachment[]) => void) {
  const submit = (event: Event) => {
    event.preventDefault()
    if (send.disabled) return
    // NUL and half characters are refused by every server.
    const text = draft.value.trim().replaceAll('\0', '')
    const files = attached.splice(0)
    fillIn('')
    sent(text.toWellFormed?.() ?? text, files)
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
