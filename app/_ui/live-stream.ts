/** The account's event stream, opened once per browser: tabs share it, since HTTP/1.1 allows six connections to a host. */

export type LiveState = 'connecting' | 'live' | 'lost'
export type LiveHandler = (data: unknown, id: string) => void

/** What tabs tell each other; the leader holds the connection, the others follow. */
type Note =
  | { kind: 'event'; type: string; data: unknown; id: string }
  | { kind: 'state'; state: LiveState }
  /** A follower subscribes to a type that the leader may not listen to yet. */
  | { kind: 'want'; type: string }
  /** A new tab asks how things are; a new leader asks what is wanted. */
  | { kind: 'hello' }
  | { kind: 'lead' }

/** Milliseconds between tries: quick first, then patient; a little chance keeps many desks from coming back at once. */
const pauses = [500, 1_000, 2_000, 5_000, 10_000, 15_000]
/** Milliseconds after which catching up row by row is no longer worth it. */
const longAway = 60_000

export class LiveStream {
  #source: EventSource | null = null
  #handlers = new Map<string, Set<LiveHandler>>()
  #listening = new Set<string>()
  #wanted = new Set<string>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #tries = 0
  #lastId = ''
  #wasLive = false
  #lostAt = 0
  #leading = false
  #state: LiveState = 'connecting'
  readonly #url: string
  readonly #onState: (state: LiveState) => void
  readonly #channel: BroadcastChannel
  readonly #ended = new AbortController()

  constructor(url: string, onState: (state: LiveState) => void) {
    this.#url = url
    this.#onState = onState
    this.#channel = new BroadcastChannel(url)
    this.#channel.onmessage = ({ data }: MessageEvent<Note>) => this.#hear(data)
    this.#channel.postMessage({ kind: 'hello' } satisfies Note)
    this.#lead().catch(() => {
      // The wait for the lead ended with the page.
    })
  }

  /** Waits until no other tab leads, then opens the stream and keeps it. */
  async #lead() {
    const { signal } = this.#ended
    const take = () =>
      new Promise<void>((resolve) => {
        // The lead may come after the page has let go of it (an effect that ran twice): then it is given back at once.
        if (signal.aborted) return resolve()
        signal.addEventListener('abort', () => resolve(), { once: true })
        this.#leading = true
        this.#post({ kind: 'lead' })
        this.#open()
      })
    // Without a secure context there are no locks: then every tab leads for itself, and tells nobody.
    if (navigator.locks) await navigator.locks.request(`live ${this.#url}`, { signal }, take)
    else {
      this.#channel.close()
      await take()
    }
  }

  end() {
    this.#ended.abort()
    this.#shut()
    this.#channel.close()
    this.#leading = false
  }

  /** Tries again at once, for instance because the network came back. */
  again = () => {
    if (this.#leading && this.#state === 'lost') this.#open()
  }

  /** The browser says that the network went: a connection that is dead may not say so itself. A new one tells. */
  check = () => {
    if (this.#leading && this.#state !== 'lost') this.#open()
  }

  on(type: string, handler: LiveHandler): () => void {
    const set = this.#handlers.get(type) ?? new Set<LiveHandler>()
    this.#handlers.set(type, set)
    set.add(handler)
    this.#want(type)
    return () => set.delete(handler)
  }

  #want(type: string) {
    if (this.#leading) this.#listen(type)
    else if (navigator.locks) this.#post({ kind: 'want', type })
  }

  #post(note: Note) {
    if (!this.#ended.signal.aborted && navigator.locks) this.#channel.postMessage(note)
  }

  #hear(note: Note) {
    if (note.kind === 'event') this.#deliver(note.type, note.data, note.id)
    else if (note.kind === 'state') this.#become(note.state)
    else if (note.kind === 'want') {
      this.#wanted.add(note.type)
      if (this.#leading) this.#listen(note.type)
    } else if (note.kind === 'hello') {
      if (this.#leading) this.#post({ kind: 'state', state: this.#state })
    } else for (const type of this.#handlers.keys()) this.#post({ kind: 'want', type })
  }

  #become(state: LiveState) {
    this.#state = state
    this.#onState(state)
    if (this.#leading) this.#post({ kind: 'state', state })
  }

  #open = () => {
    this.#shut()
    const source = new EventSource(this.#lastId ? `${this.#url}?after=${encodeURIComponent(this.#lastId)}` : this.#url)
    this.#source = source
    source.onopen = () => this.#opened()
    source.onerror = () => this.#lost()
    // The server's first word tells where the stream stands, for a break before any other event.
    source.addEventListener('ready', (event) => {
      if (event instanceof MessageEvent && event.lastEventId) this.#spread('ready', null, event.lastEventId)
    })
    for (const type of new Set([...this.#handlers.keys(), ...this.#wanted])) this.#listen(type)
  }

  #opened() {
    this.#tries = 0
    this.#become('live')
    // The stream replays what was missed; without an id, or after long, lists had better be fetched again.
    const away = this.#lostAt ? Date.now() - this.#lostAt : 0
    if (this.#wasLive && (!this.#lastId || away > longAway)) this.#spread('resumed', null, this.#lastId)
    this.#wasLive = true
    this.#lostAt = 0
  }

  #lost() {
    this.#lostAt ||= Date.now()
    this.#shut()
    this.#become('lost')
    const pause = pauses[Math.min(this.#tries++, pauses.length - 1)] ?? 15_000
    this.#timer = setTimeout(this.#open, pause * (0.75 + Math.random() / 2))
  }

  #shut() {
    clearTimeout(this.#timer)
    this.#source?.close()
    this.#source = null
    this.#listening.clear()
  }

  #listen(type: string) {
    if (!this.#source || this.#listening.has(type)) return
    this.#listening.add(type)
    this.#source.addEventListener(type, (event) => {
      if (event instanceof MessageEvent) this.#spread(type, JSON.parse(event.data), event.lastEventId)
    })
  }

  #spread(type: string, data: unknown, id: string) {
    this.#post({ kind: 'event', type, data, id })
    this.#deliver(type, data, id)
  }

  /** A follower remembers the place too: it may have to lead from there. */
  #deliver(type: string, data: unknown, id: string) {
    if (id) this.#lastId = id
    this.#wasLive = true
    for (const handler of this.#handlers.get(type) ?? []) handler(data, id)
  }
}
