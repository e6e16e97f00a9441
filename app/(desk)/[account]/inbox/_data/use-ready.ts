/** Asks again when the stream of news begins or begins anew: what happened before is not told twice, but must not be missed. */
'use client'

import { type QueryKey, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useLive } from '@/app/_ui/live'

/** Milliseconds after which an answer that was on its way has arrived. */
export const settled = 600

export function useReady(key: QueryKey): void {
  const client = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const again = () => void client.invalidateQueries({ queryKey: key })
  const ready = () => {
    clearTimeout(timer.current)
    // An answer on its way may be from before the stream began.
    if (client.isFetching({ queryKey: key })) timer.current = setTimeout(again, settled)
    else again()
  }
  useLive('ready', ready)
  useLive('resumed', ready)
}
