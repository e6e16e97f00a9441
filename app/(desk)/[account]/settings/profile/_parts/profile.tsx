/** The profile page: name and language, password, two-step sign-in, sessions. */
'use client'

import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { api } from '@/app/_ui/api'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { type MyProfile, meKey } from './data'
import { Password } from './password'
import { Person } from './person'
import { Sessions } from './sessions'
import { TwoStep } from './two-step'

export function Profile() {
  const t = useTranslations('profile')
  const me = useQuery({
    queryKey: meKey,
    queryFn: ({ signal }) => api.get<{ user: MyProfile }>('me', {}, { signal }),
  })
  if (me.error && !me.data) return <ErrorState error={me.error} retry={() => me.refetch()} className="pt-24" />
  return (
    <div className="mx-auto flex max-w-3xl flex-col gap-8 px-5 py-6">
      <header>
        <h1 className="text-xl">{t('title')}</h1>
        <p className="text-ink-2">{t('lead')}</p>
      </header>
      {me.data ? (
        <>
          <Person key={me.data.user.id} user={me.data.user} />
          <Password hasPassword={me.data.user.hasPassword} email={me.data.user.email} />
          <TwoStep email={me.data.user.email} />
          <Sessions />
        </>
      ) : (
        <SkeletonRows rows={6} className="panel" />
      )}
    </div>
  )
}
