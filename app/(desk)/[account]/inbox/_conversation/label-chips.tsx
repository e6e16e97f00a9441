/** What the model said about a message, quietly; a press corrects it, and everything behind it opens on demand. */
'use client'

import Check from 'lucide-react/icons/check'
import Flame from 'lucide-react/icons/flame'
import Info from 'lucide-react/icons/info'
import Plus from 'lucide-react/icons/plus'
import ThumbsDown from 'lucide-react/icons/thumbs-down'
import { useFormatter, useTranslations } from 'next-intl'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { ChipButton, Probability, SentimentFace, type Tone } from '@/app/_ui/chip'
import { useCommand } from '@/app/_ui/keyboard'
import { Popover } from '@/app/_ui/popover'
import { whenNeeded } from '@/app/_ui/when-needed'
import type { CorrectedField, DeskMessage } from '@/lib/features/conversations/transcript'
import { effective } from '../_data/correct'
import { useFlag } from '../_data/flag'
import { useLabelName } from '../_data/label-name'
import { usePeople, useUnsure } from '../_data/people'
import { CorrectPicker } from './correct-picker'
import { SecondGuess } from './second-guess'

const PredictionDetails = lazy(
  whenNeeded(() => import('./prediction-details').then((module) => ({ default: module.PredictionDetails }))),
)

export interface ChipsProps {
  message: DeskMessage
  conversationId: string
  newest: boolean
  canWork: boolean
}

export function LabelChips(props: ChipsProps) {
  const { message, canWork, newest, conversationId } = props
  const t = useTranslations('inbox.label')
  const urgency = effective(message, 'urgency')
  // Usual urgency is not worth a chip, until somebody wants to say otherwise.
  const [asked, setAsked] = useState(false)
  const urgent = urgency.value === 'high' || urgency.by !== null
  useCommand('correctUrgency', () => setAsked(true), props.newest && canWork && !urgent && !asked)
  const pending = message.labelState === 'pending' && !message.prediction
  return (
    <div className="group/labels -ms-1 flex flex-wrap items-center gap-1">
      {pending && message.corrections.length === 0 ? (
        <span className="chip" data-tone="unsure" data-tip={t('pendingHint')}>
          {t('pending')}
        </span>
      ) : null}
      <LabelChip field="intent" {...props} />
      <LabelChip field="sentiment" {...props} />
      {urgent || asked ? <LabelChip field="urgency" opened={asked} {...props} /> : null}
      {message.prediction ? (
        <Popover
          label={t('why')}
          className="w-80"
          trigger={
            <button
              type="button"
              className="chip size-6 justify-center bg-transparent p-0 text-ink-3"
              aria-label={t('why')}
              data-tip={t('why')}
            >
              <Info aria-hidden className="m-0!" />
            </button>
          }
        >
          <Suspense>
            <PredictionDetails message={message} />
          </Suspense>
        </Popover>
      ) : null}
      {canWork ? <WrongLabel {...props} /> : null}
      {canWork && newest && message.prediction && !effective(message, 'intent').by ? (
        <SecondGuess message={message} conversationId={conversationId} />
      ) : null}
    </div>
  )
}

/** For who sees that a label is wrong and has no time to say what is right. */
function WrongLabel({ message, conversationId, newest }: ChipsProps) {
  const t = useTranslations('inbox.label')
  const { flag } = message
  const send = useFlag(message, conversationId)
  const wrong = () => void send('thumbs_down')
  useCommand('wrongLabel', wrong, newest)
  useCommand('sendToReview', () => void send('manual'), newest)
  return (
    <button
      type="button"
      className="chip size-6 justify-center bg-transparent p-0 text-ink-3 aria-pressed:text-bad-ink"
      aria-label={t('wrong')}
      aria-pressed={flag === 'thumbs_down'}
      data-tip={t(flag ? 'inReview' : 'wrong')}
      data-tip-command={newest ? 'wrongLabel' : undefined}
      onClick={wrong}
    >
      <ThumbsDown aria-hidden className="m-0!" />
    </button>
  )
}

const correctWords = { intent: 'correctIntent', sentiment: 'correctSentiment', urgency: 'correctUrgency' } as const

function LabelChip({
  field,
  message,
  conversationId,
  newest,
  canWork,
  opened,
}: ChipsProps & { field: CorrectedField; opened?: boolean }) {
  const t = useTranslations('inbox.label')
  const common = useTranslations('common')
  const format = useFormatter()
  const labelName = useLabelName()
  const people = usePeople()
  const { value, by } = effective(message, field)
  const said = message.prediction
  const unsureOf = useUnsure()
  const unsure = field === 'intent' && !by && said !== null && unsureOf(said) !== null
  const probability = by || !said ? undefined : said[`${field}Probability`]
  if (value === null && !canWork) return null
  const name = value === null ? t(field) : labelName(field, value)
  const author = by ? (people.member(by.authorId)?.name ?? '') : ''
  const hint = by
    ? by.was === by.now
      ? t('confirmedBy', { name: author })
      : by.was
        ? t('correctedBy', { name: author, was: labelName(field, by.was) })
        : t('setBy', { name: author })
    : unsure
      ? t('unsure', { name, percent: format.number(probability ?? 0, { style: 'percent' }) })
      : t(field)
  const tone: Tone = unsure || value === null ? 'unsure' : newest ? toneOf(field, value) : 'plain'
  const chip = (
    <ChipButton
      tone={tone}
      disabled={!canWork}
      aria-label={canWork ? t(correctWords[field], { name: unsure ? common('unsure') : name }) : undefined}
      data-tip={hint}
      data-tip-command={newest && canWork ? commandOfField[field] : undefined}
      className="min-h-6"
    >
      <Sign field={field} value={value} />
      <span className="truncate">{unsure ? common('unsure') : name}</span>
      {by ? <Check aria-hidden /> : probability === undefined || unsure ? null : <Probability value={probability} />}
    </ChipButton>
  )
  return canWork ? (
    <CorrectPicker
      field={field}
      message={message}
      conversationId={conversationId}
      trigger={chip}
      opened={opened}
      command={newest ? commandOfField[field] : undefined}
    />
  ) : (
    chip
  )
}

export const commandOfField = {
  intent: 'correctIntent',
  sentiment: 'correctSentiment',
  urgency: 'correctUrgency',
} as const

function toneOf(field: CorrectedField, value: string): Tone {
  if (field === 'intent') return 'accent'
  if (field === 'urgency') return value === 'high' ? 'warn' : 'plain'
  return ({ negative: 'bad', positive: 'good' } as Record<string, Tone>)[value] ?? 'plain'
}

function Sign({ field, value }: { field: CorrectedField; value: string | null }): ReactNode {
  if (value === null) return <Plus aria-hidden />
  if (field === 'sentiment')
    return (
      <span aria-hidden className="-ms-0.5 inline-flex [&_svg]:size-3.5">
        <SentimentFace value={value as 'neutral'} className="text-current [&]:pointer-events-none" />
      </span>
    )
  if (field === 'urgency' && value === 'high') return <Flame aria-hidden />
  return null
}
