/** The panel on the page: places the frame, keeps it and the launcher in step, and answers the calls of `window.Lingxi`. */
import { type FrameState, isNote, type PageState } from '../shared/note'
import type { Call, Mount } from '../shared/parts'

/** panel.css, minified, put here by the build. */
declare const PANEL_CSS: string

type Listener = (value?: number) => void

const CHEVRON = 'm6.5 9.5 5.5 5.5 5.5-5.5'
/** How long the frame may stay silent before we say that it cannot be reached, in milliseconds. */
const PATIENCE = 12_000

/**
 * Kept for this tab: as `lingxi` the word 'open', or 'shut' once it has been open; as `lingxi-box` what a frame without
 * storage of its own wants kept. Storage may be forbidden here, too.
 */
function kept(name: string, value?: string): string | undefined {
  try {
    if (value) sessionStorage[name] = value
    return sessionStorage[name]
  } catch {}
}
const WORD = 'lingxi'
const BOX = 'lingxi-box'

export const mount: Mount = (script, origin, host, shadow, button, line, frame, address, title) => {
  const mark = line.getAttribute('d')!
  const shell = document.createElement('p')
  const badge = document.createElement('b')
  const style = new CSSStyleSheet()
  const listeners: [name: string, listener: Listener][] = []
  let open = false
  let focus = false
  let unread = 0
  let who: string | undefined

  const say = (name: string, value?: number) => {
    for (const [asked, listener] of listeners) if (asked === name) listener(value)
  }

  /** Draws what is true now and tells the frame; runs whenever anything changes, the page's language and theme included. */
  function look() {
    const { dataset } = script
    const page = document.documentElement
    // Emptied: the loader looks again once it is written anew, which has taken the listeners.
    if (!page) return
    addEventListener('message', hear)
    // A handler that returns false takes the key from the button: this one returns nothing.
    button.onkeydown = (event) => {
      if (event.key === 'Escape') show(false)
    }
    const theme = dataset.theme || page.dataset.theme || (page.classList.contains('dark') ? 'dark' : '')
    host.className = open ? 'open' : ''
    host.style.colorScheme = theme || 'light dark'
    button.ariaLabel = frame.title = title() + (unread ? ` (${unread})` : '')
    button.ariaExpanded = `${open}`
    badge.textContent = `${unread || ''}`
    line.setAttribute('d', open ? CHEVRON : mark)
    // Another language is another frame.
    if (frame.src !== address()) frame.src = address()
    // Before the frame has spoken there is nobody to talk to.
    if (!frame.className) return
    const state: PageState = {
      lingxi: 1,
      open,
      focus,
      theme,
      page: location.origin + location.pathname,
      who,
      seen: !!kept(WORD),
      box: kept(BOX),
    }
    frame.contentWindow?.postMessage(state, origin)
  }

  function show(wanted: boolean, takeFocus = true) {
    if (open === wanted) return
    open = wanted
    focus = takeFocus
    kept(WORD, open ? 'open' : 'shut')
    // Only when the focus was ours: a page that closes the chat by itself keeps its own.
    if (!open && document.activeElement === host) button.focus()
    look()
    if (open && focus) frame.focus()
    say(open ? 'open' : 'close')
  }

  function hear(event: MessageEvent) {
    if (!isNote(event, frame.contentWindow, origin)) return
    const { ready, accent, box, unread: count, close, error }: FrameState = event.data
    frame.className = 'ready'
    kept(BOX, box)
    if (accent) host.style.setProperty('--a', accent)
    if (count! >= 0) {
      unread = count!
      say('unread', unread)
    }
    if (error) say('error')
    if (close) show(false)
    else look()
    if (ready && open && focus) frame.focus()
  }

  const answers: Record<string, (...rest: never[]) => unknown> = {
    open: () => show(true),
    close: () => show(false),
    toggle: () => show(!open),
    /** Who the visitor is, as the business knows it; null after they signed out. */
    identify(someone: unknown) {
      // Only what the server knows; a business may say more, and say it with objects that cannot be sent.
      who = JSON.stringify(someone, ['userId', 'name', 'email', 'signature'])
      look()
    },
    /** Events: open, close, unread (how many), error. */
    on: (name: string, listener: Listener) => listeners.push([name, listener]),
    /** The loader's: something about <html> has changed. */
    look,
    destroy: () => removeEventListener('message', hear),
  }

  style.replaceSync(PANEL_CSS)
  shadow.adoptedStyleSheets.push(style)
  frame.before(shell)
  button.append(badge)
  // A frame that is blocked or unreachable says nothing at all.
  setTimeout(() => {
    if (frame.className) return
    shell.textContent = title(1)
    say('error')
  }, PATIENCE)
  if (kept(WORD) === 'open') show(true, false)
  look()
  return ([name, ...rest]: Call) => answers[name]?.(...(rest as never[]))
}
