/** A small panel beside the button that opened it; its code arrives when the pointer or the focus first comes near. */
'use client'

import { lazy, type ReactNode, Suspense } from 'react'
import { lazyTrigger, type TriggerElement, useOpened } from './lazy-trigger'
import { whenNeeded } from './when-needed'

const load = whenNeeded(() => import('./popover-popup'))
const PopoverPopup = lazy(load)
const preload = () => void load()
/** For keys that open a popover: what is typed next must not outrun its code. */
export const preloadPopover = preload

export type PopoverProps = {
  trigger: TriggerElement
  /** Names the panel for screen readers. */
  label: string
  side?: 'top' | 'bottom' | 'left' | 'right'
  align?: 'start' | 'center' | 'end'
  open?: boolean
  onOpenChange?: (open: boolean) => void
  className?: string
  /** A function gets `close`. */
  children: ReactNode | ((close: () => void) => ReactNode)
}

export function Popover({ trigger, open, onOpenChange, ...rest }: PopoverProps) {
  const opened = useOpened(open, onOpenChange)
  return (
    <>
      {lazyTrigger(trigger, opened, 'dialog', preload)}
      {opened.wanted ? (
        <Suspense>
          <PopoverPopup opened={opened} {...rest} />
        </Suspense>
      ) : null}
    </>
  )
}
