/** A field that searches as one types: after a short pause, and not for half of a Chinese word. */
'use client'

import Search from 'lucide-react/icons/search'
import { type Ref, useEffect, useRef, useState } from 'react'
import { Input } from './input'

/** How long a person must pause before a search begins, milliseconds. */
const pause = 250

export function SearchField({
  label,
  value,
  onChange,
  box,
  className,
}: {
  label: string
  value: string
  onChange: (value: string) => void
  /** Around the input, for a key that leads there. */
  box?: Ref<HTMLDivElement>
  className?: string
}) {
  const [text, setText] = useState(value)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  // The value may change by itself (back, a view): the field follows it.
  useEffect(() => setText(value), [value])
  useEffect(() => () => clearTimeout(timer.current), [])
  const type = (next: string, composing: boolean) => {
    setText(next)
    clearTimeout(timer.current)
    if (!composing) timer.current = setTimeout(() => onChange(next), pause)
  }
  return (
    <div ref={box} className={className}>
      <Input
        type="search"
        aria-label={label}
        placeholder={label}
        maxLength={200}
        value={text}
        icon={<Search aria-hidden />}
        onChange={(event) => type(event.target.value, (event.nativeEvent as InputEvent).isComposing)}
        onCompositionEnd={(event) => type(event.currentTarget.value, false)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && text) type('', false)
        }}
      />
    </div>
  )
}
