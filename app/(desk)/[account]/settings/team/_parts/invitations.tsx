/** Invitations that nobody has used yet: send again or take back. */
'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import { useApi } from '@/app/_ui/account'
import { Button } from '@/app/_ui/button'
import { Chip } from '@/app/_ui/chip'
import { toast, toastError } from '@/app/_ui/toast'
import { type Invitation, useKeys } from './data'

export function Invitations({ invitations }: { invitations: Invitation[] }) {
  const t = useTranslations('team.invitations')
  return (
    <section aria-labelledby="invitations">
      <h2 id="invitations" className="mb-2 text-lg">
        {t('title')}
      </h2>
      <ul className="panel divide-y divide-line">
        {invitations.map((invitation) => (
          <InvitationRow key={invitation.id} invitation={invitation} />
        ))}
      </ul>
    </section>
  )
}

function InvitationRow({ invitation }: { invitation: Invitation }) {
  const { id, email, role, expired } = invitation
  const t = useTranslations('team.invitations')
  const name = useTranslations('common.role')
  const locale = useLocale()
  const api = useApi()
  const client = useQueryClient()
  const keys = useKeys()
  const habits = (done: string) => ({
    onSuccess: () => {
      toast(done)
      void client.invalidateQueries({ queryKey: keys.invitations })
    },
    onError: (error: unknown) => void toastError(error),
  })
  const resend = useMutation({
    mutationFn: () => api.post(`invitations/${id}/resend`),
    ...habits(t('resent', { email })),
  })
  const withdraw = useMutation({
    mutationFn: () => api.delete(`invitations/${id}`),
    ...habits(t('withdrawn', { email })),
  })
  const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' }).format(
    new Date(invitation.expiresAt),
  )
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-48">
        <p className="truncate font-medium">{email}</p>
        <p className="text-ink-2">{name(role)}</p>
      </div>
      {expired ? (
        <Chip tone="warn">{t('expired')}</Chip>
      ) : (
        <span className="text-xs text-ink-3">{t('expires', { date })}</span>
      )}
      <span className="-me-1 flex gap-1">
        <Button
          look="ghost"
          size="small"
          busy={resend.isPending}
          onClick={() => resend.mutate()}
          aria-label={`${t('resend')}: ${email}`}
        >
          {t('resend')}
        </Button>
        <Button
          look="ghost"
          size="small"
          busy={withdraw.isPending}
          onClick={() => withdraw.mutate()}
          aria-label={`${t('withdraw')}: ${email}`}
        >
          {t('withdraw')}
        </Button>
      </span>
    </li>
  )
}
