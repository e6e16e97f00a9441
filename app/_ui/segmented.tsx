/** A few choices side by side, one of them chosen: real radio buttons, so arrow keys and screen readers just work. */
'use client'

import { type ReactNode, useId } from 'react'
import { cn } from './cn'

export type SegmentedOption<Value extends string> = { value: Value; label: ReactNode; icon?: ReactNode; name?: string }

export function Segmented<Value extends string>({
  label,
  options,
  value,
  onChange,
  className,
}: {
  /** What is being chosen; said by screen readers, not shown. */
  label: string
  options: readonly SegmentedOption<Value>[]
  value: Value
  onChange: (value: Value) => void
  className?: string
}) {
  const name = useId()
  return (
    <div role="radiogroup" aria-label={label} className={cn('segmented', className)}>
      {options.map((option) => (
        <label key={option.value} data-tip={option.name}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            aria-label={option.name}
          />
          {option.icon}
          {option.label}
        </label>
      ))}
    </div>
  )
}
