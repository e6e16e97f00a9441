/** Messages on their way: kept until the server has them, sent one by one in the order of writing, tried again with growing pauses. */
import { changed } from './news'
import { isFinal, type Refusal } from './session'
import { get, names, set } from './store'
import type { Attachment, Waiting } from './types'
import { createNap, delay } from './wait'

const PLACE = 'q:'

/** A version 4 UUID, as every object's address ends in one. (crypto.randomUUID is missing on pages without https.) */
const newId = () => URL.createObjectURL(new Blob()).slice(-36)

/** What an earlier page left unsent. */
const restore = (): Waiting[] =>
  names(PLACE)
    .map((name) => ({ ...JSON.parse(get(name)!), state: 'sending' }))
    .sort((a, b) => a.createdAt - b.createdAt)

/** @param post resolves once the server has stored the message; throws a Refusal */
export function createOutbox(post: (item: Waiting) => Promise<void>) {
  const [nap, wake] = createNap()
  const items = restore()
  let running = false
  /** The server asked for silence until then, in milliseconds. */
  let silence = 0

  async function flush() {
    if (running) return
    running = true
    let tries = 0
    for (;;) {
      const item = items.find(({ final }) => !final)
      if (!item) break
      try {
        await post(item)
        items.splice(items.indexOf(item), 1)
        set(PLACE + item.clientId)
        tries = 0
        changed()
      } catch (error) {
        const { pause } = error as Refusal
        item.state = 'failed'
        item.final = isFinal(error as Refusal)
        changed()
        silence = Date.now() + pause * 1000
        if (!item.final) await nap(delay(tries++, pause))
      }
    }
    running = false
  }

  return {
    items,
    flush,
    /** The connection is back: no need to wait any longer, unless the server asked for it. */
    wake() {
      if (Date.now() > silence) wake()
    },
    add(text: string, attachments?: Attachment[]) {
      // Later than the one before, even within one millisecond, so that a reload keeps the order.
      const createdAt = Math.max(Date.now(), (items.at(-1)?.createdAt ?? 0) + 1)
      const item: Waiting = { clientId: newId(), text, attachments, createdAt, from: 'visitor', state: 'sending' }
      items.push(item)
      set(PLACE + item.clientId, JSON.stringify(item))
      flush()
      changed()
    },
    retry(item: Waiting) {
      item.state = 'sending'
      item.final = false
      wake()
      flush()
      changed()
    },
  }
}
