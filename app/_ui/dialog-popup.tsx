/** The opened dialog or sheet (Base UI); loaded by `dialog.tsx`, never directly. */
'use client'

import { Dialog as Base } from '@base-ui/react/dialog'
import X from 'lucide-react/icons/x'
import { useTranslations } from 'next-intl'
import { useEffect, useState } from 'react'
import { IconButton } from './button'
import { cn } from './cn'
import type { DialogProps } from './dialog'

/** A dialog that closes gives the focus back; one that its page takes away while it is open could not, and the keyboard would begin anew. */
function useFocusBack(): void {
  const [opener] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      requestAnimationFrame(() => {
        if (document.activeElement === document.body && opener instanceof HTMLElement) opener.focus()
      })
    },
    [opener],
  )
}

export default function DialogPopup({
  open,
  onOpenChange,
  title,
  titleHidden,
  description,
  children,
  footer,
  size,
  className,
  kind,
  side,
}: DialogProps & { kind: 'dialog' | 'sheet'; side?: 'start' | 'end' }) {
  const t = useTranslations('common')
  useFocusBack()
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        <Base.Popup className={cn('float', kind, className)} data-size={size} data-side={side}>
          <div className={cn('px-4 pt-3 pb-1', titleHidden && 'sr-only')}>
            <div className="pe-9 pt-1">
              <Base.Title className="text-lg">{title}</Base.Title>
              {description ? <Base.Description className="mt-0.5 text-ink-2">{description}</Base.Description> : null}
            </div>
          </div>
          <div className={cn('min-h-0 flex-1 overflow-y-auto', !titleHidden && 'px-4 pt-1 pb-4')}>{children}</div>
          {footer ? (
            <div className="flex flex-wrap justify-end gap-2 border-t border-line px-4 py-3">{footer}</div>
          ) : null}
          {/* Last in order, so that the first field of a dialog gets the focus. */}
          {titleHidden ? null : (
            <Base.Close
              render={
                <IconButton label={t('close')} className="absolute end-3 top-3">
                  <X aria-hidden />
                </IconButton>
              }
            />
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
