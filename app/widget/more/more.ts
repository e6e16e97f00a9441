/** The part of the frame that few visitors need: files in the composer and in messages, and the counter of a very long text. */
import { find } from '../frame/dom'
import type { Attachment } from '../frame/types'
import { count } from './counter'
import { createShow } from './shown'
import { createTray } from './tray'
import { createUpload } from './upload'

/** more.css, minified: put here by the build. */
declare const MORE_CSS: string

export interface More {
  /** Files the visitor chose, pasted or dropped. */
  attach(files: readonly File[]): void
  /** Puts the files of a message under its words. */
  show(place: HTMLElement, files: readonly Attachment[]): void
}

/** Asks the visitor API; renews the session when it must. */
export type Ask = (path: string) => Promise<Response>
/**
 * @param token of the session as it is now
 * @param attached stored files that go along with the next message
 */
export type Begin = (ask: Ask, token: () => string | undefined, attached: Attachment[]) => More

export const begin: Begin = (ask, token, attached) => {
  const style = new CSSStyleSheet()
  style.replaceSync(MORE_CSS)
  document.adoptedStyleSheets.push(style)
  const { attach, draw } = createTray(createUpload(ask, token), attached)
  const form = find<HTMLFormElement>('form')
  const redraw = () => {
    count()
    draw()
  }
  // The frame's own listeners sit on the elements themselves and come before these: what was sent is gone by now.
  for (const name of ['input', 'keydown', 'submit']) form.addEventListener(name, redraw)
  addEventListener('dragover', (event) => event.preventDefault())
  addEventListener('drop', (event) => {
    event.preventDefault()
    attach([...(event.dataTransfer?.files ?? [])])
  })
  redraw()
  return { attach, show: createShow(ask) }
}
