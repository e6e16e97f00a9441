/** Keeps the thread up to date: fills what is missing, then listens; where streams do not get through, it asks every few seconds. */
import { changed } from './news'
import { ask, isBlocked, type Refusal } from './session'
import { createReader } from './stream'
import { receive, type Thread, take } from './thread'
import { createNap, delay } from './wait'

const PAGE = 100
/** Milliseconds: a stream must begin within 25 s and then never be silent for 45 s (the server sends a sign of life every 20 s, before the first words, too). */
const BEGIN = 25_000
const SILENCE = 45_000
const POLL = 4000
/** A tab in the background lets its stream go after this time: a browser has six connections per host for all its tabs. */
const REST = 60_000

/** Runs for as long as the frame lives. @param heard undefined: the connection is good */
export async function live(thread: Thread, heard: (trouble?: Refusal) => void) {
  const [nap, wake] = createNap()
  let cut = () => {}
  let tired: ReturnType<typeof setTimeout>
  let lost = 0
  let mute = 0

  async function fill() {
    for (;;) {
      const answer = await ask(`messages?after=${thread.cursor}&limit=${PAGE}`)
      const { messages } = await answer.json()
      take(thread, messages)
      if (messages.length) changed()
      if (messages.length < PAGE) return
    }
  }

  /** One stream until it ends. */
  async function listen() {
    const stop = new AbortController()
    cut = () => stop.abort()
    let timer = setTimeout(cut, BEGIN)
    let filling = Promise.resolve()
    const read = createReader((data) => {
      const message = JSON.parse(data)
      // When something before it is missing, ask for it, one question at a time; a failure ends the stream and starts over.
      if (message.id && !receive(thread, message)) filling = filling.then(fill).catch(cut)
      changed()
    })
    mute++
    try {
      const answer = await ask(`events?after=${thread.cursor}`, undefined, stop.signal)
      const pieces = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
      for (;;) {
        clearTimeout(timer)
        timer = setTimeout(cut, SILENCE)
        const { done, value } = await pieces.read()
        if (done) break
        mute = 0
        read(value)
      }
    } catch {}
    clearTimeout(timer)
    await filling
  }

  document.addEventListener('visibilitychange', () => {
    clearTimeout(tired)
    if (document.hidden) tired = setTimeout(() => cut(), REST)
    else wake()
  })
  addEventListener('online', wake)
  // A page in the back/forward cache must hold no connection.
  window.onpagehide = () => cut()

  for (;;) {
    while (document.hidden) await nap(REST)
    try {
      await fill()
      heard()
      lost = 0
      // After three streams that brought nothing only ask, and try a stream every eighth time.
      if (mute < 3 || mute % 8 === 0) await listen()
      else mute++
      await nap(mute > 2 ? POLL : delay(mute) / 2)
    } catch (error) {
      heard(error as Refusal)
      if (isBlocked(error as Refusal)) return
      await nap(delay(lost++, (error as Refusal).pause))
    }
  }
}
