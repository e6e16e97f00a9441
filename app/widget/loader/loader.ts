/** The script a business pastes: draws the launcher, is `window.Lingxi`, and fetches the rest when it is first pressed. */
import type { Call, Mount } from '../shared/parts'

/** launcher.css, minified, and the panel's file name: put here by the build. */
declare const LAUNCHER_CSS: string
declare const PANEL: string

interface Api {
  /** Calls made before this script arrived wait in an array of the same name: `(window.Lingxi ||= []).push(['open'])`. */
  push(call: Call): void
  destroy(): void
  [name: string]: (...rest: never[]) => void
}

const doc = document
let page: HTMLElement
const global = window as unknown as { Lingxi?: Api & Call[] }
const before = global.Lingxi
const words = [
  ['Chat', 'Chat cannot be reached. Please try again.', 'en'],
  ['在线客服', '暂时无法连接客服，请重试。', 'zh-CN'],
]

function start(script: HTMLScriptElement) {
  const { dataset } = script
  const origin = new URL(script.src).origin
  const host = doc.createElement('div')
  const shadow = host.attachShadow({ mode: 'open' })
  const button = doc.createElement('button')
  const draw = (name: 'svg' | 'path', attribute: string, value: string) => {
    const shape = doc.createElementNS('http://www.w3.org/2000/svg', name)
    shape.setAttribute(attribute, value)
    return shape
  }
  // A speech bubble whose outline runs on, in one line, to a point.
  const line = draw('path', 'd', 'M12.7 6.9A6.8 6.8 0 0 0 3 13.2V20h6.8a6.8 6.8 0 0 0 6.8-6.8C16.6 8.6 18.5 4.2 21.5 2')
  const icon = draw('svg', 'viewBox', '0 0 24 24')
  const style = new CSSStyleSheet()
  const calls: Call[] = []
  const title = (word = 0) => words[/^zh/i.test(dataset.locale || page.lang || navigator.language) ? 1 : 0]![word]!
  const address = () => `${origin}/widget/frame?key=${dataset.siteKey}&lang=${title(2)}#${location.origin}`
  let frame: HTMLIFrameElement | undefined
  let panel = (call: Call) => {
    calls.push(call)
    if (/open|tog/.test(call[0])) load()
  }

  function look() {
    // Emptied, and not yet written anew.
    if (!doc.documentElement) return
    page = doc.documentElement
    // Again each time: a document that is written anew takes every listener from what stood in it.
    button.onclick = () => panel(['toggle'])
    // A press begins before it ends as a click: the rest is on its way by then.
    button.onpointerdown = load
    // Another <html> has to be looked at, too.
    observer.observe(page, { childList: true, attributeFilter: ['lang', 'class', 'data-theme'] })
    if (frame) panel(['look'])
    else button.ariaLabel = title()
    // On <html>, not <body>: navigations that swap the body leave the chat alone. Put back when even that is cleared.
    if (!host.isConnected) page.append(host)
  }

  /** The frame and the code around it come at the same time. The frame asks its server for nothing until it is told to open. */
  function load() {
    if (frame) return
    frame = doc.createElement('iframe')
    frame.src = address()
    shadow.append(frame)
    import(`${origin}/widget/${PANEL}`).then(
      ({ mount }: { mount: Mount }) => {
        panel = mount(script, origin, host, shadow, button, line, frame!, address, title)
        calls.forEach(panel)
      },
      () => {
        // Not reachable: say so on the button, and let the next click try again.
        frame!.remove()
        frame = undefined
        button.ariaLabel = button.title = title(1)
      },
    )
  }

  const observer = new MutationObserver(look)
  const api = {
    push: (call) => panel(call),
    destroy() {
      panel(['destroy'])
      observer.disconnect()
      host.remove()
      delete global.Lingxi
    },
  } as Api
  for (const name of ['open', 'close', 'toggle', 'identify', 'on']) api[name] = (...rest) => panel([name, ...rest])

  style.replaceSync(LAUNCHER_CSS)
  shadow.adoptedStyleSheets = [style]
  host.style.setProperty('--a', dataset.accent || '#5b5bd6')
  icon.append(line)
  button.append(icon)
  button.ariaExpanded = 'false'
  shadow.append(button)
  observer.observe(doc, { childList: true })
  look()
  before?.forEach(panel)
  global.Lingxi = api as never
  // The chat was opened earlier in this tab: be there again. Storage may be forbidden.
  try {
    if (sessionStorage.lingxi) load()
  } catch {}
}

// Included twice, or run again by a navigation that keeps the window: the first one goes on.
if (!before?.destroy) start((doc.currentScript ?? doc.querySelector('[data-site-key]')) as HTMLScriptElement)
