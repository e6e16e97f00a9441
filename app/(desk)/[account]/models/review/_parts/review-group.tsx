/** Messages that say nearly the same, asked about as one: which of them the choice is for. */
'use client'

import ChevronDown from 'lucide-react/icons/chevron-down'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, useId, useState } from 'react'
import { useAccount } from '@/app/_ui/account'
import { Button } from '@/app/_ui/button'
import { cn } from '@/app/_ui/cn'
import { Checkbox } from '@/app/_ui/input'
import { KeyHint } from '@/app/_ui/kbd'
import { Time } from '@/app/_ui/time'
import type { ReviewItem, ReviewText } from '@/lib/features/learning/review'
import { messagesOf } from './queue'

const idOf = (text: ReviewText) => text.messageIds[0] as string

export function useGroup(item: ReviewItem) {
  const [open, setOpen] = useState(false)
  const [out, setOut] = useState<ReadonlySet<string>>(new Set())
  const within = item.texts.filter((text) => !out.has(idOf(text)))
  const take = (text: ReviewText, isIn: boolean) =>
    setOut((old) => {
      const next = new Set(old)
      if (isIn) next.delete(idOf(text))
      // Something has to be left to choose for.
      else if (within.length > 1) next.add(idOf(text))
      return next
    })
  return { open, setOpen, isIn: (text: ReviewText) => !out.has(idOf(text)), take, chosen: { ...item, texts: within } }
}

/** Arrows walk among the texts, as in a list. */
function walk(event: KeyboardEvent<HTMLUListElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (!step) return
  const boxes = [...event.currentTarget.querySelectorAll('input')]
  const next = boxes[boxes.indexOf(event.target as HTMLInputElement) + step]
  if (next) {
    event.preventDefault()
    next.focus()
  }
}

export function ReviewGroup({ item, group }: { item: ReviewItem; group: ReturnType<typeof useGroup> }) {
  const t = useTranslations('models.review')
  const { open, setOpen, isIn, take, chosen } = group
  return (
    <div className="flex flex-col gap-2">
      <Button look="ghost" className="-ms-3 self-start" aria-expanded={open} onClick={() => setOpen(!open)}>
        <ChevronDown aria-hidden className={cn('size-4 transition-transform', open && 'rotate-180')} />
        {t('together', { count: item.texts.length })}
        <KeyHint keys="E" className="max-sm:hidden" />
      </Button>
      {open ? (
        <>
          <ul className="flex max-h-80 flex-col divide-y divide-line overflow-y-auto" onKeyDown={walk}>
            {item.texts.map((text) => (
              <Member key={idOf(text)} text={text} isIn={isIn(text)} take={(next) => take(text, next)} />
            ))}
          </ul>
          <p className="numbers text-xs text-ink-3">
            {t('chosen', { count: messagesOf(chosen).length, all: messagesOf(item).length })}
          </p>
        </>
      ) : null}
    </div>
  )
}

function Member({ text, isIn, take }: { text: ReviewText; isIn: boolean; take: (isIn: boolean) => void }) {
  const t = useTranslations('models.review')
  const words = useTranslations('models.examples')
  const account = useAccount()
  const id = useId()
  return (
    <li className="flex items-start gap-2 py-1.5">
      <Checkbox id={id} checked={isIn} onChange={(event) => take(event.target.checked)} className="mt-0.5" />
      <label htmlFor={id} className={cn('min-w-0 flex-1 text-pretty break-words', !isIn && 'text-ink-3 line-through')}>
        {text.text}
      </label>
      <span className="flex shrink-0 flex-wrap justify-end gap-x-2 text-xs text-ink-3">
        {text.messageIds.length > 1 ? <span>{t('times', { count: text.messageIds.length })}</span> : null}
        <Link href={`/${account}/inbox/${text.displayId}`} className="rounded-sm hover:text-ink hover:underline">
          {words('conversation', { number: text.displayId })}
        </Link>
        <span className="max-sm:hidden">
          <Time at={text.createdAt} />
        </span>
      </span>
    </li>
  )
}
