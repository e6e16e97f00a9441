/** Chooses one or several of many by typing: people, teams, labels. Opens beside its trigger. */
'use client'

import { useTranslations } from 'next-intl'
import { lazy, type ReactNode, Suspense } from 'react'
import type { TriggerElement } from './lazy-trigger'
import { Popover } from './popover'
import { Spinner } from './spinner'
import { whenNeeded } from './when-needed'

export type ComboboxItem = { value: string; label: string; icon?: ReactNode; hint?: ReactNode }

const load = whenNeeded(() => import('./combobox-list'))
const ComboboxList = lazy(load)
/** See `preloadPopover`. */
export const preloadCombobox = () => void load()

export type ComboboxProps = {
  trigger: TriggerElement
  /** What is being chosen; names the panel and its input. */
  label: string
  items: readonly ComboboxItem[]
  open?: boolean
  onOpenChange?: (open: boolean) => void
  align?: 'start' | 'center' | 'end'
  /** Shown under the list, for instance "New label…". */
  footer?: ReactNode
} & (
  | { multiple?: false; value: string | null; onChange: (value: string | null) => void }
  | { multiple: true; value: readonly string[]; onChange: (value: string[]) => void }
)

export function Combobox({ trigger, label, open, onOpenChange, align, footer, ...rest }: ComboboxProps) {
  const t = useTranslations('common')
  return (
    <Popover trigger={trigger} label={label} open={open} onOpenChange={onOpenChange} align={align} className="w-64 p-0">
      {(close) => (
        <Suspense fallback={<Spinner className="m-4" label={t('loading')} />}>
          <ComboboxList label={label} close={close} {...rest} />
          {footer ? <div className="border-t border-line p-1">{footer}</div> : null}
        </Suspense>
      )}
    </Popover>
  )
}
