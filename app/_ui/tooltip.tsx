/** One tooltip for the whole page: any element with `data-tip` has one; its keys come from the command registry. */
'use client'

import { lazy, Suspense, useEffect, useState } from 'react'
import { whenNeeded } from './when-needed'

const TooltipPopup = lazy(whenNeeded(() => import('./tooltip-popup')))

export function TooltipLayer() {
  const [first, setFirst] = useState<EventTarget | null>(null)
  useEffect(() => {
    if (first) return
    const near = ({ target }: Event) => {
      if (target instanceof Element && target.closest('[data-tip]')) setFirst(target)
    }
    document.addEventListener('pointerover', near)
    document.addEventListener('focusin', near)
    return () => {
      document.removeEventListener('pointerover', near)
      document.removeEventListener('focusin', near)
    }
  }, [first])
  return first ? (
    <Suspense>
      <TooltipPopup first={first} />
    </Suspense>
  ) : null
}
