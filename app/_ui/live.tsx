/** News from the server for components: subscribers by event type, and a word about the connection. */
'use client'

import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react'
import { type LiveState, LiveStream } from './live-stream'

const LiveContext = createContext<{ stream: LiveStream | null; state: LiveState }>({
  stream: null,
  state: 'connecting',
})

export function LiveProvider({ account, children }: { account: string; children: ReactNode }) {
  const [state, setState] = useState<LiveState>('connecting')
  const [stream, setStream] = useState<LiveStream | null>(null)
  useEffect(() => {
    const made = new LiveStream(`/api/v1/${encodeURIComponent(account)}/live`, setState)
    setStream(made)
    window.addEventListener('online', made.again)
    window.addEventListener('offline', made.check)
    return () => {
      window.removeEventListener('online', made.again)
      window.removeEventListener('offline', made.check)
      made.end()
    }
  }, [account])
  return <LiveContext value={{ stream, state }}>{children}</LiveContext>
}

/**
 * Calls `handler` for every event of `type` on the account's stream.
 * The type `resumed` is ours: the stream is back after a long break, so lists should be fetched again.
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
