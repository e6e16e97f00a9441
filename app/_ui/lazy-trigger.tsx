/** The pressed part of a menu, popover or picker: present at once, while what it opens is fetched on the first approach. */
'use client'

import { cloneElement, type MouseEvent, type ReactElement, type RefObject, useRef, useState } from 'react'

type TriggerProps = {
  ref?: unknown
  onClick?: (event: MouseEvent<HTMLElement>) => void
  onPointerEnter?: () => void
  onFocus?: () => void
  'aria-haspopup'?: 'menu' | 'dialog' | 'listbox'
  'aria-expanded'?: boolean
}
export type TriggerElement = ReactElement<TriggerProps>

export type Opened = {
  open: boolean
  setOpen: (open: boolean) => void
  wanted: boolean
  anchor: RefObject<HTMLElement | null>
}

/** Open state (own, or the caller's), plus whether the overlay has ever been wanted. */
export function useOpened(controlled?: boolean, onChange?: (open: boolean) => void): Opened {
  const [own, setOwn] = useState(false)
  const [used, setUsed] = useState(false)
  const anchor = useRef<HTMLElement>(null)
  const open = controlled ?? own
  const setOpen = (next: boolean) => {
    if (next) setUsed(true)
    setOwn(next)
    onChange?.(next)
  }
  return { open, setOpen, wanted: used || open, anchor }
}

/** The trigger with its wiring; `preload` fetches the overlay's code before the press. */
export function lazyTrigger(
  trigger: TriggerElement,
  { open, setOpen, anchor }: Opened,
  popup: 'menu' | 'dialog',
  preload: () => void,
) {
  return cloneElement(trigger, {
    ref: anchor,
    'aria-haspopup': popup,
    'aria-expanded': open,
    onPointerEnter: preload,
    onFocus: preload,
    onClick: (event) => {
      trigger.props.onClick?.(event)
      if (!event.defaultPrevented) setOpen(!open)
    },
  })
}
