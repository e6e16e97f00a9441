/** The label that is right where the model's is not, most often: one press or one key takes it. */
'use client'

import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useAccount, useApi } from '@/app/_ui/account'
import { ChipButton } from '@/app/_ui/chip'
import { cn } from '@/app/_ui/cn'
import { commandOf } from '@/app/_ui/commands'
import { KeyHint } from '@/app/_ui/kbd'
import { useCommand } from '@/app/_ui/keyboard'
import type { Why } from '@/lib/core/ports'
import type { DeskMessage } from '@/lib/features/conversations/transcript'
import { useCorrect } from '../_data/correct'
import { useLabelName } from '../_data/label-name'
import { useIntents, useUnsure } from '../_data/people'

/** Of a message that it abstained from, what it did not dare to say; else what came second. */
function useSecondGuess({
  id,
  prediction,
}: DeskMessage): { intent: string; unsure: boolean; doubtful: boolean } | null {
  const api = useApi()
  const account = useAccount()
  const used = new Set(useIntents().map((intent) => intent.id))
  const unsureOf = useUnsure()
  const unsure = prediction !== null && unsureOf(prediction) !== null
  const { data } = useQuery({
    queryKey: [account, 'second-guess', id],
    queryFn: ({ signal }) => api.post<Why>('explain', { field: 'intent', messageId: id, brief: true }, { signal }),
    enabled: prediction !== null && !unsure,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  const guesses = unsure ? [prediction.intent] : (data?.ranked ?? []).map(({ label }) => label)
  const intent = guesses.find((guess) => used.has(guess) && (unsure || guess !== prediction?.intent))
  return intent ? { intent, unsure, doubtful: unsure || (prediction?.intentProbability ?? 0) < sure } : null
}

/** Where the model is sure, the key is enough until somebody comes near. */
const quiet =
  'opacity-0 group-focus-within/labels:opacity-100 group-hover/labels:opacity-100 pointer-coarse:opacity-100'
/** From here on a label counts as sure. */
const sure = 0.9

export function SecondGuess({ message, conversationId }: { message: DeskMessage; conversationId: string }) {
  const t = useTranslations('inbox.label')
  const labelName = useLabelName()
  const correct = useCorrect(conversationId)
  const guess = useSecondGuess(message)
  const name = guess ? labelName('intent', guess.intent) : ''
  const take = () => guess && void correct(message, 'intent', guess.intent, name)
  useCommand('correctNext', take, guess !== null)
  if (!guess) return null
  return (
    <ChipButton
      tone="outline"
      className={cn('min-h-6', !guess.doubtful && quiet)}
      data-tip={t('onePress')}
      onClick={take}
    >
      <span className="truncate">{t(guess.unsure ? 'itIs' : 'rather', { name })}</span>
      <KeyHint keys={commandOf('correctNext').keys[0] ?? ''} className="max-sm:hidden" />
    </ChipButton>
  )
}
