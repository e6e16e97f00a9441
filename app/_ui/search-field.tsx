/** A field that searches as one types: after a short pause, and not for half of a Chinese word. */
'use client'

import Search from 'lucide-react/icons/search'
import X from 'lucide-react/icons/x'
import { useTranslations } from 'next-intl'
import { type Ref, useEffect, useRef, useState } from 'react'
import { IconButton } from './button'
import { cn } from './cn'
import { searchable } from './searchable'

/** How long a person must pause before a search begins, milliseconds. */
const pause = 250

export function SearchField({
  label,
  placeholder = label,
  value,
  onChange,
  input,
  bare = false,
  className,
}: {
  label: string
  placeholder?: string
  /** What is searched; it may say what was typed only after further keys. */
  value: string
  onChange: (value: string) => void
  /** For a key that leads there. */
  input?: Ref<HTMLInputElement>
  /** Without a frame of its own. */
  bare?: boolean
  className?: string
}) {
  const t = useTranslations('common')
  const [text, setText] = useState(value)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  /** The value as it was heard last, and what this field has said since. */
  const said = useRef([value])
  // The value may change by itself (back, a view): the field follows it. It does not follow its own earlier words.
  useEffect(() => {
    const echo = said.current.indexOf(value)
    said.current = echo < 0 ? [value] : said.current.slice(echo)
    if (echo >= 0) return
    clearTimeout(timer.current)
    setText(value)
  }, [value])
  useEffect(() => () => clearTimeout(timer.current), [])
  const say = (words: string) => {
    if (words === said.current.at(-1)) return
    said.current.push(words)
    onChange(words)
  }
  const type = (next: string, composing: boolean) => {
    setText(next)
    clearTimeout(timer.current)
    if (!composing) timer.current = setTimeout(() => say(searchable(next)), pause)
  }
  const clear = () => {
    type('', true)
    say('')
  }
  return (
    <span className={cn('input-icon block', className)}>
      <Search aria-hidden />
      <input
        ref={input}
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={text}
        className={cn(
          'pe-8! [&::-webkit-search-cancel-button]:hidden',
          bare ? 'h-8 w-full rounded-md bg-transparent ps-8 hover:bg-hover focus:bg-transparent' : 'input',
        )}
        onChange={(event) => type(event.target.value, (event.nativeEvent as InputEvent).isComposing)}
        // The last input of a composition comes before its end.
        onCompositionEnd={(event) => type(event.currentTarget.value, false)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || event.nativeEvent.isComposing) return
          if (text) clear()
          else event.currentTarget.blur()
        }}
      />
      {text ? (
        <IconButton
          label={t('clearSearch')}
          size="small"
          className="absolute inset-y-0 end-0.5 my-auto"
          onClick={clear}
        >
          <X aria-hidden />
        </IconButton>
      ) : null}
    </span>
  )
}
