/** The last mails with their state; a held one's link can be copied and passed on. */
'use client'

import { useQuery } from '@tanstack/react-query'
import MailIcon from 'lucide-react/icons/mail'
import { useTranslations } from 'next-intl'
import { api } from '@/app/_ui/api'
import { EmptyState, ErrorState, SkeletonRows } from '@/app/_ui/states'
import { type Mail, MailRow } from './mail-row'

interface Answer {
  smtp: boolean
  mails: Mail[]
}

export const outboxKey = ['outbox']

export function Outbox() {
  const t = useTranslations('outbox')
  const outbox = useQuery({
    queryKey: outboxKey,
    queryFn: ({ signal }) => api.get<Answer>('operator/outbox', {}, { signal }),
    // A person who waits for a link should not have to press reload.
    refetchInterval: 3_000,
  })
  if (outbox.error && !outbox.data) return <ErrorState error={outbox.error} retry={() => outbox.refetch()} />
  if (!outbox.data) return <SkeletonRows rows={8} className="mt-6" />
  const { smtp, mails } = outbox.data
  return (
    <>
      {smtp ? null : <p className="mt-4 rounded-md bg-warn-soft px-3 py-2 text-warn-ink">{t('held')}</p>}
      {mails.length ? (
        <ul className="panel mt-4 divide-y divide-line">
          {mails.map((mail) => (
            <MailRow key={mail.id} mail={mail} />
          ))}
        </ul>
      ) : (
        <EmptyState icon={<MailIcon aria-hidden />} title={t('empty.title')}>
          {t('empty.text')}
        </EmptyState>
      )}
    </>
  )
}
