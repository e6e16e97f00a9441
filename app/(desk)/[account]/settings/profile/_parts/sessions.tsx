/** The browsers a person is signed in with. */
'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import Laptop from 'lucide-react/icons/laptop'
import Smartphone from 'lucide-react/icons/smartphone'
import { useLocale, useTranslations } from 'next-intl'
import { api } from '@/app/_ui/api'
import { Button } from '@/app/_ui/button'
import { Chip } from '@/app/_ui/chip'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { Time } from '@/app/_ui/time'
import { toast, toastError } from '@/app/_ui/toast'
import { readBrowser } from './read-browser'

interface Session {
  id: string
  userAgent: string
  createdAt: string
  lastSeenAt: string
  current: boolean
}

const key = ['sessions']

export function Sessions() {
  const t = useTranslations('profile.sessions')
  const client = useQueryClient()
  const sessions = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      api.get<{ sessions: Session[] }>('me/sessions', {}, { signal }).then((answer) => answer.sessions),
  })
  const end = useMutation({
    mutationFn: (id: string) => api.delete(`me/sessions/${id}`),
    onSuccess: () => {
      toast(t('ended'))
      void client.invalidateQueries({ queryKey: key })
    },
    onError: (error) => void toastError(error),
  })
  const everywhere = useMutation({
    mutationFn: () => api.delete('me/sessions'),
    onSuccess: () => window.location.assign('/sign-in'),
    onError: (error) => void toastError(error),
  })
  return (
    <section aria-labelledby="sessions" className="panel">
      <header className="p-4">
        <h2 id="sessions" className="text-lg">
          {t('title')}
        </h2>
        <p className="text-ink-2">{t('lead')}</p>
      </header>
      {sessions.error ? <ErrorState error={sessions.error} retry={() => sessions.refetch()} /> : null}
      {sessions.isPending ? <SkeletonRows rows={3} /> : null}
      <ul className="divide-y divide-line border-y border-line empty:hidden">
        {sessions.data?.map((session) => (
          <SessionRow key={session.id} session={session} busy={end.isPending} onEnd={() => end.mutate(session.id)} />
        ))}
      </ul>
      <div className="p-4">
        <Button look="danger" busy={everywhere.isPending} onClick={() => everywhere.mutate()}>
          {t('everywhere')}
        </Button>
      </div>
    </section>
  )
}

function SessionRow({ session, busy, onEnd }: { session: Session; busy: boolean; onEnd: () => void }) {
  const t = useTranslations('profile.sessions')
  const locale = useLocale()
  const { browser, system, phone } = readBrowser(session.userAgent)
  const label = browser && system ? t('on', { browser, system }) : (browser ?? system ?? t('unknown'))
  const date = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' }).format(new Date(session.createdAt))
  return (
    <li className="flex items-center gap-3 px-4 py-2.5">
      <span aria-hidden className="text-ink-3 [&>svg]:size-5">
        {phone ? <Smartphone /> : <Laptop />}
      </span>
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{label}</p>
        <p className="text-xs text-ink-3">
          {t('since', { date })} · {t('seen')} <Time at={session.lastSeenAt} />
        </p>
      </div>
      {session.current ? (
        <Chip tone="good">{t('current')}</Chip>
      ) : (
        <Button look="ghost" size="small" disabled={busy} onClick={onEnd} aria-label={`${t('end')}: ${label}`}>
          {t('end')}
        </Button>
      )}
    </li>
  )
}
