/** One event stream per desk: subscribers by event type, resumed after a break, with a word about the connection. */
'use client'

import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react'

export type LiveState = 'connecting' | 'live' | 'lost'
type Handler = (data: unknown, id: string) => void

/** Milliseconds between tries: quick first, then patient; a little chance keeps many desks from coming back at once. */
const pauses = [500, 1_000, 2_000, 5_000, 10_000, 15_000]

/** Milliseconds after which catching up row by row is no longer worth it. */
const longAway = 60_000

class LiveStream {
  #source: EventSource | null = null
  #handlers = new Map<string, Set<Handler>>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #tries = 0
  #lastId = ''
  #wasLive = false
  #lostAt = 0
  #onState: (state: LiveState) => void
  readonly #url: string

  constructor(url: string, onState: (state: LiveState) => void) {
    this.#url = url
    this.#onState = onState
  }

  open = () => {
    this.close()
    const source = new EventSource(this.#lastId ? `${this.#url}?after=${encodeURIComponent(this.#lastId)}` : this.#url)
    this.#source = source
    source.onopen = () => {
      this.#tries = 0
      this.#onState('live')
      // The stream replays what we missed; without an id, or after long, the lists had better be fetched again.
      const away = this.#lostAt ? Date.now() - this.#lostAt : 0
      if (this.#wasLive && (!this.#lastId || away > longAway)) this.#tell('resumed', null, this.#lastId)
      this.#wasLive = true
      this.#lostAt = 0
    }
    source.onerror = () => {
      this.#onState('lost')
      this.#lostAt ||= Date.now()
      this.close()
      const pause = pauses[Math.min(this.#tries++, pauses.length - 1)] ?? 15_000
      this.#timer = setTimeout(this.open, pause * (0.75 + Math.random() / 2))
    }
    // The server's first word tells where the stream stands, for a break before any other event.
    source.addEventListener('ready', (event) => {
      if (event instanceof MessageEvent && event.lastEventId) this.#lastId = event.lastEventId
    })
    for (const type of this.#handlers.keys()) this.#listen(type)
  }

  close() {
    clearTimeout(this.#timer)
    this.#source?.close()
    this.#source = null
  }

  on(type: string, handler: Handler): () => void {
    const known = this.#handlers.get(type)
    const set = known ?? new Set<Handler>()
    if (!known) {
      this.#handlers.set(type, set)
      this.#listen(type)
    }
    set.add(handler)
    return () => set.delete(handler)
  }

  #listen(type: string) {
    this.#source?.addEventListener(type, (event) => {
      if (!(event instanceof MessageEvent)) return
      if (event.lastEventId) this.#lastId = event.lastEventId
      this.#tell(type, JSON.parse(event.data), event.lastEventId)
    })
  }

  #tell(type: string, data: unknown, id: string) {
    for (const handler of this.#handlers.get(type) ?? []) handler(data, id)
  }
}

const LiveContext = createContext<{ stream: LiveStream | null; state: LiveState }>({
  stream: null,
  state: 'connecting',
})

export function LiveProvider({ account, children }: { account: string; children: ReactNode }) {
  const [state, setState] = useState<LiveState>('connecting')
  const [stream, setStream] = useState<LiveStream | null>(null)
  useEffect(() => {
    const made = new LiveStream(`/api/v1/${encodeURIComponent(account)}/live`, setState)
    made.open()
    setStream(made)
    // The network is back: no need to sit out the pause.
    window.addEventListener('online', made.open)
    return () => {
      window.removeEventListener('online', made.open)
      made.close()
    }
  }, [account])
  return <LiveContext value={{ stream, state }}>{children}</LiveContext>
}

/**
 * Calls `handler` for every event of `type` on the account's stream.
 * The type `resumed` is ours: the stream is back after a break, so lists should be fetched again.
 */
export function useLive<Data>(type: string, handler: (data: Data, id: string) => void): void {
  const { stream } = useContext(LiveContext)
  const latest = useRef(handler)
  useEffect(() => {
    latest.current = handler
  })
  useEffect(() => stream?.on(type, (data, id) => latest.current(data as Data, id)), [stream, type])
}

export const useLiveState = (): LiveState => useContext(LiveContext).state
