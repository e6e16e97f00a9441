/** Which words moved the intent and by how much, and what the model would say to other words. */
'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useFormatter, useTranslations } from 'next-intl'
import { useEffect, useState } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import { Button } from '@/app/_ui/button'
import { Probability } from '@/app/_ui/chip'
import { cn } from '@/app/_ui/cn'
import { useErrorWords } from '@/app/_ui/error-words'
import { Textarea } from '@/app/_ui/input'
import { Skeleton } from '@/app/_ui/states'
import type { Why } from '@/lib/core/ports'
import type { Explained, Near } from '@/lib/flows/explain-label'
import { useIntentName } from '../_data/people'

/** The strongest say enough. */
const shown = 6
/** Pushes below this move nothing that could be seen. */
const least = 0.05

/** Of which version it is asked; without it, of the one that labelled the message. */
interface Version {
  versionId?: string | undefined
}

function useWhy(asked: { messageId?: string | undefined; text?: string } & Version) {
  const api = useApi()
  const account = useAccount()
  return useQuery({
    queryKey: [account, 'why', asked],
    queryFn: ({ signal }) => api.post<Explained>('explain', { field: 'intent', ...asked }, { signal }),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    retry: false,
  })
}

export function WhyWords({ messageId, text, versionId }: { messageId: string | null; text: string } & Version) {
  const t = useTranslations('why')
  const words = useErrorWords()
  const { data, error } = useWhy({ ...(messageId ? { messageId } : { text }), versionId })
  const [trying, setTrying] = useState(false)
  return (
    <section className="flex flex-col gap-2 border-t border-line pt-2">
      <h3 className="text-xs text-ink-3">{t('words')}</h3>
      {data ? (
        <>
          {data.own ? null : (
            <p className="text-xs text-warn-ink">
              {t(data.number === null ? 'notOwnBase' : 'notOwn', { number: data.number ?? 0 })}
            </p>
          )}
          <Pushes why={data} />
          <Nearest near={data.near} />
        </>
      ) : error ? (
        <p className="text-xs text-ink-2">{words(error).title}</p>
      ) : (
        <Skeleton className="h-20" />
      )}
      {trying ? (
        <WhatIf start={text} messageId={messageId} versionId={versionId} />
      ) : (
        <Button size="small" className="self-start" onClick={() => setTrying(true)}>
          {t('whatIf')}
        </Button>
      )}
    </section>
  )
}

/** Texts that people labelled and that read most like this one. */
function Nearest({ near }: { near: readonly Near[] }) {
  const t = useTranslations('why')
  const nameOf = useIntentName()
  if (!near.length) return null
  return (
    <>
      <h3 className="text-xs text-ink-3">{t('nearest')}</h3>
      <ul className="flex flex-col gap-1 text-xs">
        {near.map(({ text, intent, likeness }) => (
          <li key={text}>
            <span className="line-clamp-2">{text}</span>
            <span className="flex items-center gap-2 text-ink-3">
              {nameOf(intent)} <Probability value={likeness} />
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

function Pushes({ why }: { why: Why }) {
  const t = useTranslations('why')
  const format = useFormatter()
  const nameOf = useIntentName()
  const together = Math.abs(why.together) > least ? [{ text: t('together'), weight: why.together }] : []
  const strongest = [...why.words, ...together]
    .filter(({ weight }) => Math.abs(weight) > least)
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .slice(0, shown)
  const [first] = strongest
  if (!first) return <p className="text-xs text-ink-2">{t('noWords')}</p>
  const number = (value: number) => format.number(value, { maximumFractionDigits: 1, signDisplay: 'always' })
  return (
    <>
      <p className="text-xs text-ink-2">{t('against', { label: nameOf(why.label), against: nameOf(why.against) })}</p>
      <ul className="grid grid-cols-[minmax(0,1fr)_5rem_auto] items-center gap-x-2 gap-y-0.5">
        {strongest.map(({ text, weight }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: one word may stand twice, and the list is made anew as a whole
          <li key={`${text} ${at}`} className="contents">
            <span className="truncate">{text}</span>
            <progress
              aria-hidden
              className={cn('meter w-full', weight < 0 && 'opacity-40')}
              max={Math.abs(first.weight)}
              value={Math.abs(weight)}
            />
            <span className={cn('numbers text-end text-xs', weight < 0 ? 'text-ink-3' : 'text-ink-2')}>
              {number(weight)}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

/** What somebody typed, once they pause (milliseconds): a request for each key would spend all that a minute has. */
function useSettled(value: string, pause = 250): string {
  const [settled, settle] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => settle(value), pause)
    return () => clearTimeout(timer)
  }, [value, pause])
  return settled
}

function WhatIf({ start, messageId, versionId }: { start: string; messageId: string | null } & Version) {
  const t = useTranslations('why')
  const nameOf = useIntentName()
  const [text, setText] = useState(start)
  const words = useErrorWords()
  const asked = useSettled(text.trim())
  const { data, error } = useWhy({ text: asked, messageId: messageId ?? undefined, versionId })
  return (
    <div className="flex flex-col gap-2">
      <Textarea
        autoFocus
        rows={3}
        aria-label={t('whatIfText')}
        value={text}
        maxLength={8_000}
        onChange={(event) => setText(event.target.value)}
      />
      <ol aria-live="polite" className="flex flex-col gap-0.5">
        {data?.ranked.slice(0, 3).map(({ label, probability }) => (
          <li key={label} className="flex items-center justify-between gap-2">
            <span className="truncate">{nameOf(label)}</span>
            <Probability value={probability} />
          </li>
        ))}
      </ol>
      {error ? (
        <p role="alert" className="text-xs text-ink-2">
          {words(error).title}
        </p>
      ) : null}
    </div>
  )
}
