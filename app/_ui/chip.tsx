/** Chips: what the classifier or a person said about something, always in words besides the colour. */
'use client'

import Flame from 'lucide-react/icons/flame'
import Frown from 'lucide-react/icons/frown'
import Meh from 'lucide-react/icons/meh'
import Smile from 'lucide-react/icons/smile'
import { useFormatter, useTranslations } from 'next-intl'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn'

export type Tone = 'plain' | 'good' | 'bad' | 'warn' | 'accent' | 'outline' | 'unsure'

export function Chip({ tone = 'plain', className, ...rest }: ComponentProps<'span'> & { tone?: Tone }) {
  return <span className={cn('chip', className)} data-tone={tone} {...rest} />
}

/** A chip to press, for instance to open the reason or to correct a label. */
export function ChipButton({ tone = 'plain', className, ...rest }: ComponentProps<'button'> & { tone?: Tone }) {
  return <button type="button" className={cn('chip', className)} data-tone={tone} {...rest} />
}

/** A calibrated probability: a short bar with the number. */
export function Probability({ value, className }: { value: number; className?: string }) {
  const t = useTranslations('common')
  const percent = useFormatter().number(value, { style: 'percent' })
  return (
    <span className={cn('numbers inline-flex items-center gap-1.5', className)}>
      <progress className="meter" max={1} value={value} aria-label={t('probability', { percent })} />
      <span aria-hidden>{percent}</span>
    </span>
  )
}

export type Sentiment = 'negative' | 'neutral' | 'positive'
const faces = { negative: Frown, neutral: Meh, positive: Smile }
const tones = { negative: 'bad', neutral: 'plain', positive: 'good' } as const

export function SentimentChip({
  value,
  probability,
  ...rest
}: { value: Sentiment; probability?: number } & ComponentProps<'span'>) {
  const t = useTranslations('common.sentiment')
  const Face = faces[value]
  return (
    <Chip tone={tones[value]} {...rest}>
      <Face aria-hidden />
      {t(value)}
      {probability === undefined ? null : <Probability value={probability} />}
    </Chip>
  )
}

/** Only the face, for dense lists; the word is still there for a pointer or a screen reader. */
export function SentimentFace({ value, className }: { value: Sentiment; className?: string }) {
  return <NamedFace value={value} name={useTranslations('common.sentiment')(value)} className={className} />
}

/** The same for a list that has looked up its words once for all rows. */
export function NamedFace({ value, name, className }: { value: Sentiment; name: string; className?: string }) {
  const Face = faces[value]
  const ink = { negative: 'text-bad-ink', neutral: 'text-ink-3', positive: 'text-good-ink' }[value]
  return (
    <span role="img" aria-label={name} data-tip={name} className={cn('inline-flex', ink, className)}>
      <Face aria-hidden className="size-4" />
    </span>
  )
}

export function UrgencyChip({ value }: { value: 'low' | 'normal' | 'high' }) {
  const t = useTranslations('common.urgency')
  if (value !== 'high') return <Chip tone="outline">{t(value)}</Chip>
  return (
    <Chip tone="warn">
      <Flame aria-hidden />
      {t(value)}
    </Chip>
  )
}

/** A label with its probability, or hollow when the model abstains: then a person decides. */
export function LabelChip({
  children,
  probability,
  abstained,
  ...rest
}: { children?: ReactNode; probability?: number; abstained?: boolean } & ComponentProps<'span'>) {
  const t = useTranslations('common')
  if (abstained) {
    return (
      <Chip tone="unsure" {...rest}>
        {t('unsure')}
      </Chip>
    )
  }
  return (
    <Chip tone="accent" {...rest}>
      {children}
      {probability === undefined ? null : <Probability value={probability} />}
    </Chip>
  )
}

export const dotColours = ['grey', 'orange', 'sky', 'green', 'yellow', 'blue', 'red', 'pink'] as const
export type DotColour = (typeof dotColours)[number]
const dots: Record<DotColour, string> = {
  grey: 'bg-dot-grey',
  orange: 'bg-dot-orange',
  sky: 'bg-dot-sky',
  green: 'bg-dot-green',
  yellow: 'bg-dot-yellow',
  blue: 'bg-dot-blue',
  red: 'bg-dot-red',
  pink: 'bg-dot-pink',
}

/** The coloured dot before a label's name; unknown colours become grey. */
export function Dot({ colour, className }: { colour: string; className?: string }) {
  const known = dotColours.find((name) => name === colour) ?? 'grey'
  return <span aria-hidden className={cn('dot', dots[known], className)} />
}
