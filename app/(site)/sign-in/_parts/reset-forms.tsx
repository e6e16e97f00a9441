/** Forgotten passwords: asking for the link, and choosing the new one. */
'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { api } from '@/app/_ui/api'
import { Button } from '@/app/_ui/button'
import { Field } from '@/app/_ui/field'
import { Input } from '@/app/_ui/input'
import { enter, goOn } from './enter'
import { Failure } from './failure'
import { shortestPassword } from './limits'
import { LinkSent } from './link-sent'
import { PasswordInput } from './password-input'
import { useSubmit } from './use-submit'

export function ResetRequest({ held }: { held: boolean }) {
  const t = useTranslations('identity')
  const { busy, failure, about, onSubmit } = useSubmit(['email'])
  const [asked, setAsked] = useState<string | null>(null)
  if (asked) return <LinkSent email={asked} held={held} back={() => setAsked(null)} />
  const ask = async ({ email = '' }: Record<string, string>) => {
    await api.post('links', { email, purpose: 'reset' })
    setAsked(email)
  }
  return (
    <form noValidate className="flex flex-col gap-4" onSubmit={onSubmit(ask)}>
      <Failure failure={failure} />
      <Field label={t('field.email')} error={about('email')}>
        <Input
          className="h-10 text-base"
          name="email"
          type="email"
          autoComplete="username"
          inputMode="email"
          autoFocus
          required
        />
      </Field>
      <Button type="submit" look="primary" size="large" busy={busy}>
        {t('reset.ask')}
      </Button>
    </form>
  )
}

export function ResetForm({ token }: { token: string }) {
  const t = useTranslations('identity')
  const { busy, failure, about, onSubmit } = useSubmit(['password'])
  const save = async ({ password = '' }: Record<string, string>) => {
    const { email } = await api.post<{ email: string }>('passwords/reset', { token, password })
    await enter('password', { email, password })
    await goOn(null)
  }
  return (
    <form noValidate className="flex flex-col gap-4" onSubmit={onSubmit(save)}>
      <Failure failure={failure} />
      <Field
        label={t('field.newPassword')}
        hint={t('field.passwordHint', { least: shortestPassword })}
        error={about('password')}
      >
        <PasswordInput tall name="password" autoComplete="new-password" autoFocus required />
      </Field>
      <Button type="submit" look="primary" size="large" busy={busy}>
        {t('reset.action')}
      </Button>
    </form>
  )
}
