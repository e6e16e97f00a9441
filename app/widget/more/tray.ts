/** Files on their way into the next message: shown above the text, brought to the server one after another, taken out again. */
import { find, make, write } from '../frame/dom'
import type { Attachment } from '../frame/types'
import { sheet, sizeOf } from './pieces'
import type { Send, Upload, UploadFailure } from './upload'
import { word } from './words'

/** The server's limits. */
const LARGEST = 10 * 1024 * 1024
const MOST = 5

interface Item {
  file: File
  row: HTMLElement
  said: HTMLElement
  bar: HTMLProgressElement
  /** Once it is stored. */
  stored?: Attachment
  upload?: Upload | undefined
  failure?: UploadFailure | undefined
}

const form = find<HTMLFormElement>('form')
const draft = find<HTMLTextAreaElement>('draft')

export function createTray(send: Send, attached: Attachment[]) {
  let items: Item[] = []
  /** Enter was pressed while files were still on their way. */
  let wanted = false
  let remark = ''
  const list = make('ul', { ariaLabel: word('files') })
  const note = make('p', { className: 'note', role: 'status' })
  form.prepend(list, note)

  const waiting = () => items.find(({ stored, failure }) => !stored && !failure)
  // The frame looks anew at what can be sent.
  const changed = () => draft.dispatchEvent(new Event('input', { bubbles: true }))

  /** Brings the first that waits, then the next. */
  async function run() {
    const item = waiting()
    if (!item || item.upload) return
    item.upload = send(item.file, (share) => {
      item.bar.value = share
    })
    try {
      item.stored = await item.upload.done
      // Taken out meanwhile: nobody sends it, and the server forgets it after a day.
      if (items.includes(item)) attached.push(item.stored)
    } catch (error) {
      item.failure =
        (error as UploadFailure).words === undefined ? { words: '', final: false } : (error as UploadFailure)
    }
    item.upload = undefined
    changed()
    if (waiting()) return run()
    const go = wanted && items.every(({ stored }) => stored)
    wanted = false
    draw()
    if (go) form.requestSubmit()
  }

  function again(item: Item) {
    item.failure = undefined
    item.bar.value = 0
    draw()
    run()
  }

  function remove(item: Item) {
    items = items.filter((other) => other !== item)
    item.upload?.stop()
    if (item.stored) attached.splice(attached.indexOf(item.stored), 1)
    item.row.remove()
    draft.focus()
    changed()
  }

  function add(file: File): Item {
    const picture = /^image\/(png|jpeg|gif|webp)$/.test(file.type)
    const face = picture ? make('img', { src: URL.createObjectURL(file), alt: '' }) : sheet(file.name)
    const bar = make('progress', { ariaLabel: file.name })
    const said = make('small')
    const cross = make('button', { type: 'button', ariaLabel: `${word('remove')} ${file.name}` }, '×')
    const row = make('li', {}, face, make('span', { title: file.name }, file.name), said, bar, cross)
    const item: Item = { file, row, said, bar }
    if (file.size > LARGEST) item.failure = { words: word('tooLarge'), final: true }
    cross.onclick = () => remove(item)
    if (picture) (face as HTMLImageElement).onload = () => URL.revokeObjectURL((face as HTMLImageElement).src)
    return item
  }

  function drawItem(item: Item) {
    const { row, said, bar, stored, failure, file } = item
    row.className = failure ? 'failed' : ''
    bar.hidden = !!stored || !!failure
    write(said, failure ? failure.words || word('failed') : sizeOf(file.size))
    const retry = row.querySelector('.retry')
    if (!failure || failure.final) retry?.remove()
    else if (!retry)
      said.after(make('button', { type: 'button', className: 'retry', onclick: () => again(item) }, word('retry')))
  }

  /** Also notices what the frame has sent meanwhile. */
  function draw() {
    items = items.filter((item) => {
      const gone = item.stored && !attached.includes(item.stored)
      if (gone) item.row.remove()
      return !gone
    })
    items.forEach(drawItem)
    const ready = items.every(({ stored }) => stored) ? word('uploaded') : ''
    write(note, items.length ? (wanted ? word('soon') : remark || ready) : '')
  }

  function attach(files: readonly File[]) {
    const chosen = files.slice(0, MOST - items.length).map(add)
    items.push(...chosen)
    list.append(...chosen.map(({ row }) => row))
    remark = files.length > chosen.length ? word('tooMany') : ''
    draw()
    run()
    draft.focus()
  }

  /** Before the frame hears of it: a message waits for its files. */
  function hold(event: Event) {
    if (!waiting()) return
    event.preventDefault()
    event.stopPropagation()
    wanted = true
    draw()
  }
  form.addEventListener('submit', hold, true)
  form.addEventListener(
    'keydown',
    (event) => {
      const { target, key, shiftKey, isComposing, keyCode } = event
      if (target === draft && key === 'Enter' && !shiftKey && !isComposing && keyCode !== 229) hold(event)
    },
    true,
  )
  addEventListener('online', () => {
    for (const item of items) if (item.failure && !item.failure.final) again(item)
  })
  return { attach, draw }
}
