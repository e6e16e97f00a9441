/** Groups of messages that no intent covers: one press makes an intent of each, with its messages as the first texts. */
'use client'

import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { useApi } from '@/app/_ui/account'
import { Button } from '@/app/_ui/button'
import { toastError, toastUndo } from '@/app/_ui/toast'
import type { Proposal } from '@/lib/features/learning/proposals'
import type { LabelledMany } from '@/lib/flows/label-messages'
import { IntentName } from '../../_parts/intent-name'

/** "Parking lot" from what the texts share; Chinese words stand without a blank. */
const firstName = (words: readonly string[]): string => {
  const name = words.join(' ').replace(/(?<=\p{scx=Han}) (?=\p{scx=Han})/gu, '')
  return (name.charAt(0).toUpperCase() + name.slice(1)).slice(0, 60)
}

export function ProposalItem({ proposal, again }: { proposal: Proposal; again: () => Promise<void> }) {
  const t = useTranslations('models.health')
  const api = useApi()
  const [name, setName] = useState(() => firstName(proposal.words))
  const [making, setMaking] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const { messageIds } = proposal

  const make = async (event: FormEvent) => {
    event.preventDefault()
    setError(null)
    setMaking(true)
    try {
      const draft = { name: name.trim(), messageIds }
      const { undoId } = await api.post<LabelledMany>('intents/of-messages', draft)
      toastUndo(t('made', { name: draft.name }), () => api.post(`undo/${undoId}`).then(again))
      await again()
    } catch (failure) {
      setError(failure)
    } finally {
      setMaking(false)
    }
  }
  const dismiss = async () => {
    try {
      await api.post('review/discard', { messageIds })
      toastUndo(t('dismissed'), () => api.post('review/restore', { messageIds }).then(again))
    } catch (failure) {
      toastError(failure)
    }
    await again()
  }
  return (
    <li className="flex flex-col gap-3 px-4 py-3">
      <div>
        <p className="text-xs text-ink-3">
          {t('askedBy', { count: messageIds.length, people: proposal.people })}
          {proposal.unanswered ? ` · ${t('nobody', { count: proposal.unanswered })}` : null}
        </p>
        <ul className="mt-1 flex flex-col gap-0.5">
          {proposal.texts.map((text) => (
            <li key={text} className="line-clamp-2 text-pretty">
              {text}
            </li>
          ))}
        </ul>
      </div>
      <form onSubmit={make} className="flex flex-wrap items-start gap-2">
        <IntentName
          label={t('intentName')}
          value={name}
          error={error}
          onChange={(next) => {
            setName(next)
            setError(null)
          }}
        />
        <div className="flex flex-wrap gap-2 sm:mt-6">
          <Button type="submit" busy={making} disabled={!name.trim()}>
            {t('makeIntent')}
          </Button>
          <Button look="ghost" disabled={making} onClick={() => void dismiss()}>
            {t('dismiss')}
          </Button>
        </div>
      </form>
    </li>
  )
}
