/** The opened menu (Base UI); loaded by `menu.tsx`, never directly. */
'use client'

import { Menu as Base } from '@base-ui/react/menu'
import Check from 'lucide-react/icons/check'
import ChevronRight from 'lucide-react/icons/chevron-right'
import Link from 'next/link'
import { cn } from './cn'
import { commandOf } from './commands'
import { KeyHint } from './kbd'
import type { Opened } from './lazy-trigger'
import type { MenuAction, MenuEntry, MenuProps } from './menu'

export default function MenuPopup({
  opened,
  items,
  label,
  side = 'bottom',
  align = 'start',
}: { opened: Opened } & Omit<MenuProps, 'trigger'>) {
  return (
    <Base.Root open={opened.open} onOpenChange={opened.setOpen}>
      <Base.Portal>
        <Base.Positioner
          anchor={opened.anchor}
          side={side}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-45"
        >
          <Base.Popup className="float menu" aria-label={label} finalFocus={opened.anchor}>
            <Entries items={items} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

function Entries({ items }: { items: readonly MenuEntry[] }) {
  return items.map((entry, index) => {
    if (!entry) return null
    // biome-ignore lint/suspicious/noArrayIndexKey: an entry's place is its identity
    if (entry === 'line') return <Base.Separator key={index} className="menu-line" />
    if ('heading' in entry) {
      return (
        // biome-ignore lint/suspicious/noArrayIndexKey: an entry's place is its identity
        <div key={index} className="menu-label" role="presentation">
          {entry.heading}
        </div>
      )
    }
    // biome-ignore lint/suspicious/noArrayIndexKey: an entry's place is its identity
    return <Entry key={index} action={entry} />
  })
}

function Entry({ action }: { action: MenuAction }) {
  const { items, checked, href, disabled, onSelect, danger } = action
  const shared = { className: cn('menu-item'), disabled, 'data-danger': danger ? '' : undefined }
  if (items) {
    return (
      <Base.SubmenuRoot>
        <Base.SubmenuTrigger {...shared}>
          <Inside action={action} />
          <ChevronRight aria-hidden className="ms-auto" />
        </Base.SubmenuTrigger>
        <Base.Portal>
          <Base.Positioner sideOffset={2} alignOffset={-4} collisionPadding={8} className="z-45">
            <Base.Popup className="float menu">
              <Entries items={items} />
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.SubmenuRoot>
    )
  }
  if (checked !== undefined) {
    return (
      <Base.CheckboxItem {...shared} checked={checked} onCheckedChange={onSelect} closeOnClick>
        <Inside action={action} />
        <Check aria-hidden className={cn('ms-auto', !checked && 'invisible')} />
      </Base.CheckboxItem>
    )
  }
  return (
    <Base.Item {...shared} onClick={onSelect} render={href ? <Link href={href} /> : undefined}>
      <Inside action={action} />
    </Base.Item>
  )
}

function Inside({ action }: { action: MenuAction }) {
  const keys = action.command ? commandOf(action.command).keys[0] : undefined
  return (
    <>
      {action.icon}
      <span className="min-w-0 truncate">{action.label}</span>
      {keys ? <KeyHint keys={keys} className="ms-auto ps-3" /> : null}
    </>
  )
}
