/** The files of messages: pictures in a box of their size, everything else as a row to press. */
import { make } from '../frame/dom'
import type { Attachment } from '../frame/types'
import type { Ask } from './more'
import { sheet, sizeOf } from './pieces'
import { word } from './words'

/** The largest a picture is drawn in a message, pixels. */
const WIDE = 230
const HIGH = 200

export function createShow(ask: Ask) {
  /** Addresses of files that were fetched, by id. They need our name with the request, so no address of the server serves. */
  const fetched = new Map<string, Promise<string>>()

  function addressOf(id: string): Promise<string> {
    const known =
      fetched.get(id) ??
      ask(`attachments/${id}`)
        .then((answer) => answer.blob())
        .then((bytes) => URL.createObjectURL(bytes))
    fetched.set(id, known)
    known.catch(() => fetched.delete(id))
    return known
  }

  function picture({ id, name, width = WIDE, height = HIGH }: Attachment): HTMLElement {
    const scale = Math.min(1, WIDE / width, HIGH / height)
    const size = { width: Math.max(24, Math.round(width * scale)), height: Math.max(24, Math.round(height * scale)) }
    const image = make('img', { alt: name, ...size })
    const link = make('a', { className: 'picture', target: '_blank', rel: 'noopener', title: name }, image)
    const load = () =>
      addressOf(id).then(
        (address) => {
          link.href = image.src = address
          link.onclick = null
        },
        () => {
          // A press tries again.
          link.href = '#'
          image.alt = `${name}: ${word('broken')}`
          link.onclick = (event) => {
            event.preventDefault()
            load()
          }
        },
      )
    load()
    return link
  }

  function row({ id, name, size }: Attachment): HTMLElement {
    const said = make('small', {}, sizeOf(size))
    const button = make('button', { className: 'file', type: 'button' }, sheet(name), make('span', {}, name), said)
    button.onclick = async () => {
      button.disabled = true
      try {
        make('a', { href: await addressOf(id), download: name }).click()
      } catch {
        said.textContent = word('broken')
      }
      button.disabled = false
    }
    return button
  }

  return (place: HTMLElement, files: readonly Attachment[]) => {
    for (const file of files) place.append(file.type.startsWith('image/') ? picture(file) : row(file))
  }
}
