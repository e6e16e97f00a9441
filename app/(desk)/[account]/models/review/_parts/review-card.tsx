/** One question, a message or a group that says nearly the same: what the model thinks, nine intents on the number keys, any other by typing. */
'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useAccount } from '@/app/_ui/account'
import { Button } from '@/app/_ui/button'
import { Chip, Probability } from '@/app/_ui/chip'
import { Combobox } from '@/app/_ui/combobox'
import { KeyHint } from '@/app/_ui/kbd'
import { usePageKeys } from '@/app/_ui/keyboard'
import { Time } from '@/app/_ui/time'
import { useMayWork } from '@/app/(desk)/_shell/session'
import { useAllIntents, useIntentName } from '@/app/(desk)/[account]/inbox/_data/people'
import type { ReviewItem } from '@/lib/features/learning/review'
import { useMayTrain } from '../../_data/learning'
import { NewIntent } from './new-intent'
import { messagesOf, type useQueue } from './queue'
import { ReviewGroup, useGroup } from './review-group'

const onKeys = 9

/**
 * What people chose most comes first, and stays where it is for the sitting: a digit must not change its meaning under somebody's fingers.
 * New intents come at the end.
 */
export function useOrder(): readonly string[] {
  const [order, setOrder] = useState<readonly string[]>([])
  const used = useAllIntents().filter(({ archived }) => !archived)
  const fresh = used.filter(({ key }) => !order.includes(key)).toSorted((a, b) => b.texts - a.texts)
  const all = [...order, ...fresh.map(({ key }) => key)]
  if (fresh.length) setOrder(all)
  return all.filter((key) => used.some((one) => one.key === key))
}

/** What the models think first, then as it is ordered. */
function useChoices(
  first: readonly (string | null | undefined)[],
  all: readonly string[],
): {
  keyed: string[]
  /** What belongs to one, where somebody said it. */
  meaning: (key: string) => string | undefined
} {
  const intents = useAllIntents()
  const known = first.filter((key) => key && all.includes(key)) as string[]
  return {
    keyed: [...known, ...all.filter((key) => !known.includes(key))].slice(0, onKeys),
    meaning: (key) => intents.find((one) => one.key === key)?.description || undefined,
  }
}

export function ReviewCard({
  item,
  queue,
  all,
}: {
  item: ReviewItem
  queue: ReturnType<typeof useQueue>
  /** Intents to choose from, in their order. */
  all: readonly string[]
}) {
  const t = useTranslations('models.review')
  const nameOf = useIntentName()
  const { said, other } = item
  // What a person called wrong is not offered first.
  const thought = item.reason === 'thumbs_down' ? null : said?.intent
  const { keyed, meaning } = useChoices([thought, other], all)
  const [choosing, setChoosing] = useState(false)
  const group = useGroup(item)
  const { chosen } = group
  const [making, setMaking] = useState(false)
  const mayMake = useMayTrain() === true
  const label = (intent: string) => void queue.label(chosen, intent)
  const discard = () => void queue.discard(chosen)
  const suggested = thought && all.includes(thought) ? thought : undefined
  // Whoever only reads sees what the model thinks; before that is known the keys are there.
  const reads = useMayWork() === false
  usePageKeys((key) => {
    // The texts of a group are there to be read, too.
    if (key.toLowerCase() === 'e' && item.texts.length > 1) {
      group.setOpen(!group.open)
      return true
    }
    if (reads) return false
    const place = /^[1-9]$/.test(key) ? keyed[Number(key) - 1] : undefined
    if (place) label(place)
    else if (key === 'Enter' && suggested) label(suggested)
    else if (key === 'Backspace') discard()
    else if (key === '0') setChoosing(true)
    else if (key.toLowerCase() === 'n' && mayMake) setMaking(true)
    else return false
    return true
  })
  return (
    <article className="panel flex flex-col gap-5 p-5 wrap-anywhere">
      <About item={item} />
      <p className="max-w-prose text-lg text-pretty whitespace-pre-wrap">{chosen.texts[0]?.text}</p>
      {item.texts.length > 1 ? <ReviewGroup item={item} group={group} /> : null}
      {said ? (
        <p className="flex flex-wrap items-center gap-x-2 text-ink-2">
          {t('suggestion')} <strong>{nameOf(said.intent)}</strong> <Probability value={said.probability} />
          {other ? <span>{t('otherSays', { name: nameOf(other) })}</span> : null}
        </p>
      ) : null}
      {reads ? null : (
        <>
          <fieldset>
            <legend className="mb-2 font-medium">{t('choose')}</legend>
            <div className="grid grid-cols-1 gap-1.5 sm:grid-cols-2 xl:grid-cols-3">
              {keyed.map((intent, at) => (
                <Button key={intent} className="justify-start" data-tip={meaning(intent)} onClick={() => label(intent)}>
                  <KeyHint keys={String(at + 1)} className="max-sm:hidden" />
                  <span className="truncate">{nameOf(intent)}</span>
                </Button>
              ))}
            </div>
          </fieldset>
          <div className="flex flex-wrap gap-2 border-t border-line pt-4">
            <Button look="primary" disabled={!suggested} onClick={() => suggested && label(suggested)}>
              {t('confirm')} <KeyHint keys="↵" className="max-sm:hidden" />
            </Button>
            <Combobox
              label={t('choose')}
              open={choosing}
              onOpenChange={setChoosing}
              trigger={
                <Button>
                  {t('other')} <KeyHint keys="0" className="max-sm:hidden" />
                </Button>
              }
              items={all.map((value) => ({ value, label: nameOf(value) }))}
              value={null}
              onChange={(value) => {
                setChoosing(false)
                if (value) label(value)
              }}
            />
            {mayMake ? (
              <Button onClick={() => setMaking(true)}>
                {t('new')} <KeyHint keys="N" className="max-sm:hidden" />
              </Button>
            ) : null}
            <span className="ms-auto flex gap-2">
              <UndoButton queue={queue} />
              <Button look="ghost" onClick={discard}>
                {t('discard')} <KeyHint keys="⌫" className="max-sm:hidden" />
              </Button>
            </span>
          </div>
        </>
      )}
      {mayMake ? (
        <NewIntent
          open={making}
          count={messagesOf(chosen).length}
          onClose={() => setMaking(false)}
          make={(name) => queue.make(chosen, name)}
        />
      ) : null}
    </article>
  )
}

/** Of the whole sitting, the newest first: a note that offers it goes after a while. */
export function UndoButton({ queue }: { queue: ReturnType<typeof useQueue> }) {
  const t = useTranslations('common')
  return (
    <Button look="ghost" disabled={!queue.canUndo} onClick={queue.undo}>
      {t('undo')} <KeyHint keys="Z" className="max-sm:hidden" />
    </Button>
  )
}

const tones = {
  thumbs_down: 'bad',
  manual: 'plain',
  disagreed: 'accent',
  abstained: 'unsure',
  uncertain: 'warn',
} as const

function About({ item }: { item: ReviewItem }) {
  const [first] = item.texts
  const messages = messagesOf(item).length
  const t = useTranslations('models.review')
  const words = useTranslations('models.examples')
  const account = useAccount()
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-3">
      <Chip tone={tones[item.reason]}>{t(`reason.${item.reason}`)}</Chip>
      {messages > 1 ? <Chip>{t('alike', { count: messages })}</Chip> : null}
      {first && item.texts.length === 1 ? (
        <>
          <Link href={`/${account}/inbox/${first.displayId}`} className="rounded-sm hover:text-ink hover:underline">
            {words('conversation', { number: first.displayId })}
          </Link>
          <Time at={first.createdAt} />
        </>
      ) : null}
    </div>
  )
}
