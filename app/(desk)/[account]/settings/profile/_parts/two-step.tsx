/** Two-step sign-in on the profile page: set it up, make new recovery codes, switch it off. */
'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import { api } from '@/app/_ui/api'
import { Button } from '@/app/_ui/button'
import { Chip } from '@/app/_ui/chip'
import { Dialog } from '@/app/_ui/dialog'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { toast } from '@/app/_ui/toast'
import { useMe } from '@/app/(desk)/_shell/session'
import { RecoveryCodes } from '@/app/(site)/sign-in/_parts/recovery-codes'
import { SetUp } from '@/app/(site)/sign-in/_parts/set-up'
import { type Proof, ProofForm } from './proof-form'

interface OwnSecondFactor {
  since: string | null
  codesLeft: number
  verified: boolean
  hasPassword: boolean
}

export function TwoStep({ email }: { email: string }) {
  const t = useTranslations('identity.twoStep')
  const client = useQueryClient()
  const [settingUp, setSettingUp] = useState(false)
  const mine = useQuery({
    queryKey: ['second-factor'],
    queryFn: ({ signal }) => api.get<OwnSecondFactor>('me/second-factor', {}, { signal }),
  })
  // It shows in the list of sessions, of members, and in which desks are open.
  const refresh = () => void client.invalidateQueries()
  const on = mine.data?.since != null
  return (
    <section aria-labelledby="two-step" className="panel flex flex-col gap-4 p-4">
      <header>
        <h2 id="two-step" className="flex flex-wrap items-center gap-2 text-lg">
          {t('title')}
          {mine.data ? <Chip tone={on ? 'good' : 'plain'}>{t(on ? 'on' : 'off')}</Chip> : null}
        </h2>
        <p className="text-pretty text-ink-2">{t('lead')}</p>
      </header>
      {mine.error && !mine.data ? <ErrorState error={mine.error} retry={() => mine.refetch()} /> : null}
      {mine.isPending ? <SkeletonRows rows={1} /> : null}
      {mine.data && (settingUp || !on) ? (
        settingUp ? (
          <SetUp
            email={email}
            hasPassword={mine.data.hasPassword}
            verified={mine.data.verified}
            next={() => setSettingUp(false)}
            onSwitchedOn={refresh}
          />
        ) : (
          <Button className="self-start" onClick={() => setSettingUp(true)}>
            {t('begin')}
          </Button>
        )
      ) : null}
      {mine.data?.since && !settingUp ? <Standing mine={mine.data} email={email} onChange={refresh} /> : null}
    </section>
  )
}

function Standing({ mine, email, onChange }: { mine: OwnSecondFactor; email: string; onChange: () => void }) {
  const t = useTranslations('identity.twoStep')
  const format = useFormatter()
  const asking = (useMe().data?.accounts ?? []).filter((one) => one.secondFactorRequired).map(({ name }) => name)
  const [open, setOpen] = useState<'renew' | 'off' | null>(null)
  const [codes, setCodes] = useState<string[] | null>(null)
  const renew = async (proof: Proof) =>
    setCodes((await api.post<{ codes: string[] }>('me/second-factor/codes', proof)).codes)
  const close = () => {
    setOpen(null)
    if (codes) onChange()
    setCodes(null)
  }
  const off = async (proof: Proof) => {
    await api.post('me/second-factor/off', proof)
    setOpen(null)
    toast(t('switchedOff'))
    onChange()
  }
  return (
    <>
      <p className={mine.codesLeft < 3 ? 'text-warn-ink' : 'text-ink-2'}>
        {t('since', { date: format.dateTime(new Date(mine.since ?? 0), { dateStyle: 'long' }) })}{' '}
        {t('left', { count: mine.codesLeft })}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => setOpen('renew')}>{t('renew')}</Button>
        <Button onClick={() => setOpen('off')}>{t('switchOff')}</Button>
      </div>
      <Dialog open={open === 'renew'} onOpenChange={(to) => (to ? undefined : close())} title={t('renew')}>
        {codes ? (
          <RecoveryCodes codes={codes} email={email} onKept={close} />
        ) : (
          <ProofForm lead={t('renewLead')} hasPassword={mine.hasPassword} action={t('renew')} onProof={renew} />
        )}
      </Dialog>
      <Dialog open={open === 'off'} onOpenChange={(to) => (to ? undefined : close())} title={t('switchOffTitle')}>
        <ProofForm
          lead={asking.length ? t('switchOffClosed', { accounts: format.list(asking) }) : t('switchOffLead')}
          hasPassword={mine.hasPassword}
          action={t('switchOff')}
          danger
          onProof={off}
        />
      </Dialog>
    </>
  )
}
