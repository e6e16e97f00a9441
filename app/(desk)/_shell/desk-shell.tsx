/** The desk's frame: rail (or bottom bar on phones), the page, and what floats above both. */
'use client'

import { useTranslations } from 'next-intl'
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { AccountProvider, useAccount } from '@/app/_ui/account'
import { ButtonLink } from '@/app/_ui/button'
import { KeyboardListener, useCommand } from '@/app/_ui/keyboard'
import { LiveProvider, useLiveState } from '@/app/_ui/live'
import { EmptyState, ErrorState } from '@/app/_ui/states'
import { whenNeeded } from '@/app/_ui/when-needed'
import { DeskCommands } from './desk-commands'
import { DeskNews } from './desk-news'
import { Notices } from './notices'
import { PaymentBanner } from './payment-banner'
import { Rail } from './rail'
import { RememberChoices } from './remember-choices'
import { toSetUp, useMe, useMembership, useSignedIn } from './session'

const Palette = lazy(whenNeeded(() => import('./palette')))
const KeysSheet = lazy(whenNeeded(() => import('./keys-sheet')))

export function DeskShell({ account, children }: { account: string; children: ReactNode }) {
  const t = useTranslations('common')
  return (
    <AccountProvider account={account}>
      <LiveProvider account={account}>
        <a
          href="#main"
          className="btn btn-primary sr-only z-50 focus:not-sr-only focus:fixed focus:start-2 focus:top-2"
        >
          {t('skip')}
        </a>
        <div className="flex h-dvh flex-col-reverse overflow-hidden md:flex-row print:block print:h-auto">
          <Rail />
          <div className="flex min-h-0 min-w-0 flex-1 flex-col bg-surface">
            <LiveBanner />
            <PaymentBanner />
            <main id="main" tabIndex={-1} className="min-h-0 flex-1 overflow-auto outline-none">
              <Gate>{children}</Gate>
            </main>
          </div>
        </div>
        <DeskNews />
        <Notices />
        <KeyboardListener />
        <DeskCommands />
        <RememberChoices />
        <Floating />
      </LiveProvider>
    </AccountProvider>
  )
}

/** Shows the page at once and steps in only when the session says no: nothing waits for the answer. */
function Gate({ children }: { children: ReactNode }) {
  const t = useTranslations('desk')
  const me = useSignedIn()
  const elsewhere = useElsewhere()
  const closed = useMembership()?.closed
  useEffect(() => {
    if (closed) toSetUp()
  }, [closed])
  if (me.out || closed) return null
  if (me.error && !me.data)
    return <ErrorState heading="h1" error={me.error} retry={() => me.refetch()} className="pt-24" />
  if (elsewhere) {
    return (
      <EmptyState
        heading="h1"
        title={t('noAccount.title')}
        className="pt-24"
        action={<ButtonLink href="/accounts">{t('account.switch')}</ButtonLink>}
      >
        {t('noAccount.detail')}
      </EmptyState>
    )
  }
  return children
}

/** True for somebody who belongs to other accounts only. */
function useElsewhere(): boolean {
  const account = useAccount()
  const { data } = useMe()
  return data !== undefined && !data.accounts.some((one) => one.slug === account)
}

function LiveBanner() {
  const t = useTranslations('desk.live')
  const state = useLiveState()
  // Who has no place here is told so by the page; there is no connection that could come back.
  const elsewhere = useElsewhere()
  return (
    <div role="status" className="no-print">
      {state === 'lost' && !elsewhere ? (
        <p className="animate-[appear_160ms_2s_backwards] border-b border-warn-line bg-warn-soft px-3 py-1 text-center text-xs text-warn-ink">
          {t('reconnecting')}
        </p>
      ) : null}
    </div>
  )
}

/** The palette and the sheet of keys arrive with their first opening. */
function Floating() {
  const [open, setOpen] = useState<'palette' | 'help' | null>(null)
  useCommand('palette', () => setOpen((old) => (old === 'palette' ? null : 'palette')))
  useCommand('help', () => setOpen('help'))
  const close = () => setOpen(null)
  return (
    <Suspense>
      {open === 'palette' ? <Palette onClose={close} /> : null}
      {open === 'help' ? <KeysSheet onClose={close} /> : null}
    </Suspense>
  )
}
