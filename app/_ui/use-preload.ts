/** Fetches the code behind keys while the reader reads: letters typed after a key must land in what it opens. */
'use client'

import { useEffect } from 'react'

/** Milliseconds after which nothing more urgent is being fetched. */
const quiet = 1_500

export function usePreload(loads: readonly (() => void)[]): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const load of loads) load()
    }, quiet)
    return () => clearTimeout(timer)
  }, [loads])
}
