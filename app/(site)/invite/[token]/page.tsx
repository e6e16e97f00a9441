/** An invitation, from the invited side. */
import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getLocale, getTranslations } from 'next-intl/server'
import { ButtonLink } from '@/app/_ui/button'
import { addressHeader, makeCtx } from '@/lib/border/caller'
import { isAppError } from '@/lib/core/errors'
import { type ShownInvitation, showInvitation } from '@/lib/flows/accept-invitation'
import { services } from '@/lib/start'
import { Frame } from '../../sign-in/_parts/frame'
import { InviteForm } from '../../sign-in/_parts/invite-form'
import { visitor } from '../../sign-in/_parts/session'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('identity.signUp')
  return { title: t('knownAction'), referrer: 'no-referrer', robots: 'noindex' }
}

/** The invitation, or the code of why there is none. */
async function find(token: string): Promise<ShownInvitation | string> {
  const ctx = makeCtx(services(), { kind: 'system', reason: 'show invitation' }, '', await getLocale())
  try {
    return await showInvitation(ctx, { token }, (await headers()).get(addressHeader) ?? '')
  } catch (error) {
    if (isAppError(error)) return error.code
    throw error
  }
}

export default async function InvitePage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params
  const found = await find(token)
  if (typeof found === 'string') return <NoInvitation code={found} />
  const t = await getTranslations('identity.invite')
  const role = await getTranslations('common.role')
  const who = await visitor()
  return (
    <Frame
      title={t('title', { account: found.account })}
      lead={t('lead', { inviter: found.inviter, role: role(found.role) })}
    >
      <InviteForm
        token={token}
        account={found.account}
        email={found.email}
        known={found.known}
        signedInAs={who?.email ?? null}
      />
    </Frame>
  )
}

async function NoInvitation({ code }: { code: string }) {
  const t = await getTranslations('errors')
  const identity = await getTranslations('identity')
  const known = code === 'rate_limited' || code === 'database_away' ? code : 'invitation_invalid'
  return (
    <Frame title={t(`${known}.title`)} lead={t(`${known}.detail`, { retryAfter: 60 })}>
      <ButtonLink href="/sign-in">{identity('signUp.knownAction')}</ButtonLink>
    </Frame>
  )
}
