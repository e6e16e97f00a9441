/** Setting up two-step sign-in: the password once more, a picture for the phone and its first code, and the recovery codes. */
'use client'

import { useTranslations } from 'next-intl'
import { useEffect, useRef, useState } from 'react'
import { api } from '@/app/_ui/api'
import { Button } from '@/app/_ui/button'
import { CopyButton } from '@/app/_ui/copy-button'
import { Field } from '@/app/_ui/field'
import { CodeInput } from './code-input'
import { Failure } from './failure'
import { PasswordInput } from './password-input'
import { RecoveryCodes } from './recovery-codes'
import { useSubmit } from './use-submit'

interface Offer {
  secret: string
  address: string
  picture: { size: number; path: string }
}

interface Props {
  email: string
  hasPassword: boolean
  verified: boolean
  /** Where to go once the recovery codes are kept; or what to do. */
  next: string | (() => void)
  /** It is on from here; the codes are still to be kept. */
  onSwitchedOn?: () => void
  /** Of its parts, under the heading that is there. */
  heading?: 'h2' | 'h3'
}

export function SetUp({ email, hasPassword, verified, next, onSwitchedOn, heading = 'h3' }: Props) {
  const [offer, setOffer] = useState<Offer | null>(null)
  const [codes, setCodes] = useState<string[] | null>(null)
  const done = () => (typeof next === 'string' ? window.location.assign(next) : next())
  if (codes) return <RecoveryCodes codes={codes} email={email} onKept={done} heading={heading} />
  if (offer) {
    const keep = (made: string[]) => {
      setCodes(made)
      onSwitchedOn?.()
    }
    return <Scan offer={offer} onCodes={keep} heading={heading} />
  }
  return verified ? <Begin hasPassword={hasPassword} onOffer={setOffer} /> : <Unconfirmed />
}

function Unconfirmed() {
  const t = useTranslations('identity.twoStep')
  const { busy, failure, run } = useSubmit()
  const [mailed, setMailed] = useState(false)
  const mail = () =>
    run(async () => {
      await api.post('me/confirm/mail')
      setMailed(true)
    })
  return (
    <div className="flex flex-col items-start gap-3">
      <Failure failure={failure} />
      <p role="status" className="text-pretty">
        {t(mailed ? 'mailed' : 'unconfirmed')}
      </p>
      {mailed ? null : (
        <Button busy={busy} onClick={mail}>
          {t('mail')}
        </Button>
      )}
    </div>
  )
}

function Begin({ hasPassword, onOffer }: { hasPassword: boolean; onOffer: (offer: Offer) => void }) {
  const t = useTranslations('identity.twoStep')
  const { busy, failure, about, onSubmit } = useSubmit(['current'])
  const begin = async ({ current = '' }: Record<string, string>) =>
    onOffer(await api.post<Offer>('me/second-factor/offer', { password: current }))
  return (
    <form noValidate className="flex max-w-sm flex-col gap-4" onSubmit={onSubmit(begin)}>
      <Failure failure={failure} />
      {hasPassword ? (
        <Field label={t('password')} error={about('current')}>
          <PasswordInput name="current" autoComplete="current-password" autoFocus required />
        </Field>
      ) : null}
      <Button type="submit" look="primary" busy={busy} className="self-start">
        {t('begin')}
      </Button>
    </form>
  )
}

const inFours = (secret: string): string => secret.replace(/(.{4})(?=.)/g, '$1 ')

interface ScanProps {
  offer: Offer
  onCodes: (codes: string[]) => void
  heading: 'h2' | 'h3'
}

function Scan({ offer, onCodes, heading: Heading }: ScanProps) {
  const t = useTranslations('identity.twoStep')
  const { busy, failure, about, onSubmit } = useSubmit(['code'])
  const heading = useRef<HTMLHeadingElement>(null)
  // The form before is gone: the focus goes on to what took its place.
  useEffect(() => heading.current?.focus(), [])
  const { size, path } = offer.picture
  const confirm = async ({ code = '' }: Record<string, string>) =>
    onCodes((await api.post<{ codes: string[] }>('me/second-factor/confirm', { code })).codes)
  return (
    <form noValidate className="flex flex-col gap-4" onSubmit={onSubmit(confirm)}>
      <div>
        <Heading ref={heading} tabIndex={-1} className="font-medium outline-none">
          {t('scan')}
        </Heading>
        <p className="text-pretty text-ink-2">{t('scanHint')}</p>
      </div>
      {/* Black on white in the dark, too: cameras want it so. */}
      <svg
        viewBox={`0 0 ${size} ${size}`}
        shapeRendering="crispEdges"
        role="img"
        aria-label={t('picture')}
        className="size-48 max-w-full rounded-md border border-line bg-white text-black"
      >
        <path d={path} fill="currentColor" />
      </svg>
      <div>
        <p className="font-medium">{t('secret')}</p>
        <p className="flex flex-wrap items-center gap-2">
          <code className="min-w-0 select-all wrap-anywhere">{inFours(offer.secret)}</code>
          <CopyButton text={offer.secret} size="small" look="ghost" />
        </p>
        <a href={offer.address} className="rounded-sm text-accent-ink underline underline-offset-4 hover:no-underline">
          {t('open')}
        </a>
      </div>
      <Failure failure={failure} />
      <Field label={t('type')} error={about('code')} className="max-w-xs">
        <CodeInput />
      </Field>
      <Button type="submit" look="primary" busy={busy} className="self-start">
        {t('confirm')}
      </Button>
    </form>
  )
}
