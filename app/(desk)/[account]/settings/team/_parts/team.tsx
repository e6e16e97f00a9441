/** The team page: members, open invitations, two-step sign-in, and what each role may do. */
'use client'

import { useTranslations } from 'next-intl'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { useMembership } from '@/app/(desk)/_shell/session'
import { type Role, useInvitations, useMembers, useMyself } from './data'
import { Invitations } from './invitations'
import { InviteForm } from './invite-form'
import { Members } from './members'
import { TwoStep } from './two-step'

export function Team() {
  const t = useTranslations('team')
  const myself = useMyself()
  const members = useMembers()
  // Whoever is beyond the people that the plan includes changes no members; two-step sign-in and places they may.
  const waits = useMembership()?.waits === true
  const manages = myself.data?.can.canManageMembers ?? false
  const changes = manages && !waits
  const invitations = useInvitations(changes)
  const error = members.error ?? myself.error
  if (error && !members.data) return <ErrorState error={error} retry={() => members.refetch()} className="pt-24" />
  return (
    <div className="mx-auto flex max-w-3xl flex-col gap-8 px-5 py-6">
      <header>
        <h1 className="text-xl">{t('title')}</h1>
        <p className="text-ink-2">{t('lead')}</p>
      </header>
      {changes && myself.data ? <InviteForm {...myself.data} people={members.data?.length ?? 0} /> : null}
      {members.data && myself.data ? (
        <Members members={members.data} myself={myself.data} reads={waits} />
      ) : (
        <SkeletonRows rows={5} className="panel" />
      )}
      {invitations.data?.length ? <Invitations invitations={invitations.data} /> : null}
      {manages && members.data && myself.data ? <TwoStep members={members.data} myself={myself.data} /> : null}
      <Roles />
    </div>
  )
}

const roles: Role[] = ['owner', 'admin', 'agent', 'viewer']

function Roles() {
  const t = useTranslations('team.roles')
  const name = useTranslations('common.role')
  return (
    <section aria-labelledby="roles">
      <h2 id="roles" className="mb-2 text-lg">
        {t('title')}
      </h2>
      <dl className="grid gap-x-4 gap-y-1 sm:grid-cols-[6rem_1fr]">
        {roles.map((role) => (
          <div key={role} className="contents">
            <dt className="font-medium">{name(role)}</dt>
            <dd className="mb-2 text-ink-2 sm:mb-0">{t(role)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
