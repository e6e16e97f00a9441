/** One mail: to whom, about what, its state, and its text on demand. */
'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { api } from '@/app/_ui/api'
import { Button } from '@/app/_ui/button'
import { Chip } from '@/app/_ui/chip'
import { CopyButton } from '@/app/_ui/copy-button'
import { Time } from '@/app/_ui/time'
import { toast, toastError } from '@/app/_ui/toast'

export interface Mail {
  id: string
  to: string
  subject: string
  text: string
  state: 'queued' | 'sent' | 'held' | 'failed'
  attempts: number
  error: string | null
  createdAt: string
  link: string | null
}

const tones = { queued: undefined, sent: 'good', held: 'warn', failed: 'bad' } as const

export function MailRow({ mail }: { mail: Mail }) {
  const t = useTranslations('outbox')
  const client = useQueryClient()
  const again = useMutation({
    mutationFn: () => api.post(`operator/outbox/${mail.id}/resend`),
    onSuccess: () => {
      toast(t('queuedAgain'))
      void client.invalidateQueries({ queryKey: ['outbox'] })
    },
    onError: (error) => void toastError(error),
  })
  return (
    <li className="px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-56">
          <p className="truncate font-medium">{mail.subject}</p>
          <p className="truncate text-ink-2">{mail.to}</p>
        </div>
        <Chip tone={tones[mail.state]}>{t(`state.${mail.state}`)}</Chip>
        <span className="text-xs text-ink-3">
          <Time at={mail.createdAt} />
        </span>
        {mail.link ? <CopyButton text={mail.link} label={t('copyLink')} size="small" /> : null}
        {mail.state === 'held' || mail.state === 'failed' ? (
          <Button look="ghost" size="small" busy={again.isPending} onClick={() => again.mutate()}>
            {t('again')}
          </Button>
        ) : null}
      </div>
      {mail.error ? (
        <p className="mt-1 text-xs text-bad-ink wrap-anywhere">
          {t('tries', { count: mail.attempts })}: {mail.error}
        </p>
      ) : null}
      <details className="mt-1">
        <summary className="w-fit cursor-pointer rounded-sm py-0.5 text-xs text-ink-2 hover:text-ink">
          {t('show')}
        </summary>
        <pre className="mt-2 rounded-md bg-sunken p-3 font-sans text-base whitespace-pre-wrap wrap-anywhere">
          {mail.text}
        </pre>
      </details>
    </li>
  )
}
