/** Dialogs in the middle and sheets at the side; their code arrives with the first opening. */
'use client'

import { lazy, type ReactNode, Suspense, useRef } from 'react'
import { whenNeeded } from './when-needed'

const DialogPopup = lazy(whenNeeded(() => import('./dialog-popup')))

export type DialogProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  /** Hides the title from the eye only, for panels that explain themselves. */
  titleHidden?: boolean
  description?: ReactNode
  children: ReactNode
  /** The buttons: the last one is the primary. */
  footer?: ReactNode
  size?: 'wide'
  className?: string
}

function useEverOpen(open: boolean) {
  const ever = useRef(false)
  ever.current ||= open
  return ever.current
}

export function Dialog(props: DialogProps) {
  return useEverOpen(props.open) ? (
    <Suspense>
      <DialogPopup {...props} kind="dialog" />
    </Suspense>
  ) : null
}

/** From the end side by default; `start` for navigation. */
export function Sheet({ side = 'end', ...props }: DialogProps & { side?: 'start' | 'end' }) {
  return useEverOpen(props.open) ? (
    <Suspense>
      <DialogPopup {...props} kind="sheet" side={side} />
    </Suspense>
  ) : null
}
