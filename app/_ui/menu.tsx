/** A menu of actions on a button; its code arrives when the pointer or the focus first comes near. */
'use client'

import { lazy, type ReactNode, Suspense } from 'react'
import type { CommandId } from './commands'
import { lazyTrigger, type TriggerElement, useOpened } from './lazy-trigger'
import { whenNeeded } from './when-needed'

export type MenuAction = {
  label: ReactNode
  icon?: ReactNode
  /** Leave out for a `href`. */
  onSelect?: () => void
  href?: string
  /** Given: the entry is a choice that is on or off. */
  checked?: boolean
  danger?: boolean
  disabled?: boolean
  /** Shows the command's keys at the end. */
  command?: CommandId
  /** Entries behind this one. */
  items?: readonly MenuEntry[]
}
export type MenuEntry = MenuAction | { heading: ReactNode } | 'line' | null | false

const load = whenNeeded(() => import('./menu-popup'))
const MenuPopup = lazy(load)
const preload = () => void load()

export type MenuProps = {
  trigger: TriggerElement
  items: readonly MenuEntry[]
  /** Names the menu for screen readers. */
  label: string
  side?: 'top' | 'bottom' | 'left' | 'right'
  align?: 'start' | 'center' | 'end'
  open?: boolean
  onOpenChange?: (open: boolean) => void
}

export function Menu({ trigger, open, onOpenChange, ...rest }: MenuProps) {
  const opened = useOpened(open, onOpenChange)
  return (
    <>
      {lazyTrigger(trigger, opened, 'menu', preload)}
      {opened.wanted ? (
        <Suspense>
          <MenuPopup opened={opened} {...rest} />
        </Suspense>
      ) : null}
    </>
  )
}
