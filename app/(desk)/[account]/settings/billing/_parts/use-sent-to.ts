/** Whoever was sent to a section of the page by its name sees it first: the link came before there was anything to see. */
'use client'

import { useEffect } from 'react'

export function useSentTo(id: string): void {
  useEffect(() => {
    if (window.location.hash === `#${id}`) document.getElementById(id)?.scrollIntoView()
  }, [id])
}
