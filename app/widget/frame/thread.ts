/** The messages that are known, each once, in order, and how far they are known without a hole. */
import type { Message } from './types'

export interface Thread {
  /** In order of sequence. */
  messages: Message[]
  /** Everything up to here has been received; the place from which to ask for more. */
  cursor: number
  /** Ids, client ids and sequences. */
  known: Set<string | number | undefined>
}

export const emptyThread = (): Thread => ({ messages: [], cursor: 0, known: new Set() })

/** One message, from the stream or as the answer to sending. False: something before it is missing. */
export function receive(thread: Thread, message: Message): boolean {
  const { messages, known } = thread
  const { id, clientId, sequence } = message
  if (!known.has(id)) {
    known.add(id).add(sequence)
    if (clientId) known.add(clientId)
    // Nearly always the last place.
    const place = messages.findLastIndex((other) => other.sequence < sequence)
    messages.splice(place + 1, 0, message)
  }
  while (known.has(thread.cursor + 1)) thread.cursor++
  return sequence <= thread.cursor
}

/** What the server has after `cursor`, in order: what is not in it does not exist for us. */
export function take(thread: Thread, page: readonly Message[]) {
  for (const message of page) {
    thread.cursor = Math.max(thread.cursor, message.sequence)
    receive(thread, message)
  }
}
