/** The opened panel (Base UI); loaded by `popover.tsx`, never directly. */
'use client'

import { Popover as Base } from '@base-ui/react/popover'
import { cn } from './cn'
import type { Opened } from './lazy-trigger'
import type { PopoverProps } from './popover'

export default function PopoverPopup({
  opened,
  label,
  side = 'bottom',
  align = 'start',
  className,
  children,
}: { opened: Opened } & Omit<PopoverProps, 'trigger'>) {
  const close = () => opened.setOpen(false)
  return (
    <Base.Root
      open={opened.open}
      onOpenChange={(open, details) => {
        // A press on the trigger is the trigger's own business; closing here too would open it again.
        if (
          !open &&
          details.event.target instanceof Node &&
          opened.anchor.current?.contains(details.event.target) &&
          details.reason === 'outside-press'
        )
          return
        opened.setOpen(open)
      }}
    >
      <Base.Portal>
        <Base.Positioner
          anchor={opened.anchor}
          side={side}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-45"
        >
          <Base.Popup className={cn('float pop', className)} aria-label={label} finalFocus={opened.anchor}>
            {typeof children === 'function' ? children(close) : children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
