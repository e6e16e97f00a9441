/** The searched list inside a combobox (Base UI); loaded by `combobox.tsx`, never directly. */
'use client'

import { Combobox as Base } from '@base-ui/react/combobox'
import Check from 'lucide-react/icons/check'
import { useTranslations } from 'next-intl'
import type { ComboboxItem, ComboboxProps } from './combobox'

type ListProps = Pick<ComboboxProps, 'label' | 'items'> & { close: () => void } & (
    | { multiple?: false; value: string | null; onChange: (value: string | null) => void }
    | { multiple: true; value: readonly string[]; onChange: (value: string[]) => void }
  )

export default function ComboboxList(props: ListProps) {
  const { items, label, close } = props
  const inside = <Inside label={label} />
  const shared = {
    inline: true,
    open: true,
    items,
    autoHighlight: true,
    isItemEqualToValue: (a: ComboboxItem, b: ComboboxItem) => a.value === b.value,
  } as const
  if (props.multiple) {
    const chosen = items.filter((item) => props.value.includes(item.value))
    return (
      <Base.Root
        {...shared}
        multiple
        value={chosen}
        onValueChange={(next: ComboboxItem[]) => props.onChange(next.map((item) => item.value))}
      >
        {inside}
      </Base.Root>
    )
  }
  const chosen = items.find((item) => item.value === props.value) ?? null
  return (
    <Base.Root
      {...shared}
      value={chosen}
      onValueChange={(next: ComboboxItem | null) => {
        props.onChange(next?.value ?? null)
        close()
      }}
    >
      {inside}
    </Base.Root>
  )
}

function Inside({ label }: { label: string }) {
  const t = useTranslations('common')
  return (
    <>
      <div className="border-b border-line p-1.5">
        <Base.Input
          className="h-7 w-full bg-transparent px-1.5 outline-none"
          placeholder={label}
          aria-label={label}
          autoFocus
        />
      </div>
      <Base.Empty className="px-3 py-3 text-ink-3 empty:p-0">{t('nothingFound')}</Base.Empty>
      <Base.List className="max-h-72 overflow-y-auto p-1 empty:p-0">
        {(item: ComboboxItem) => (
          <Base.Item key={item.value} value={item} className="menu-item">
            {item.icon}
            <span className="min-w-0 truncate">{item.label}</span>
            {item.hint ? <span className="text-xs text-ink-3">{item.hint}</span> : null}
            <Base.ItemIndicator className="ms-auto">
              <Check aria-hidden className="size-4" />
            </Base.ItemIndicator>
          </Base.Item>
        )}
      </Base.List>
    </>
  )
}
