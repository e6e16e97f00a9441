/** Joining an account: as oneself, after signing in, or as someone new. */
'use client'

import { useTranslations } from 'next-intl'
import { api } from '@/app/_ui/api'
import { Button, ButtonLink } from '@/app/_ui/button'
import { Field } from '@/app/_ui/field'
import { Input } from '@/app/_ui/input'
import { forgetKept } from '@/app/_ui/kept'
import { enter } from './enter'
import { Failure } from './failure'
import { shortestPassword } from './limits'
import { PasswordInput } from './password-input'
import { useSubmit } from './use-submit'

interface Props {
  token: string
  account: string
  email: string
  /** The address has a sign-in already. */
  known: boolean
  signedInAs: string | null
}

const open = (slug: string) => window.location.assign(`/${slug}/inbox`)

export function InviteForm(props: Props) {
  const { token, account, email, known, signedInAs } = props
  const t = useTranslations('identity.invite')
  const { busy, failure, run } = useSubmit()
  if (signedInAs === email) {
    const join = () => run(async () => open((await api.post<{ slug: string }>('invitations/accept', { token })).slug))
    return (
      <div className="flex flex-col gap-4">
        <Failure failure={failure} />
        <Button look="primary" size="large" busy={busy} onClick={join} autoFocus>
          {t('join', { account })}
        </Button>
      </div>
    )
  }
  if (signedInAs) {
    const leave = () =>
      run(async () => {
        await api.post('sign-out')
        forgetKept()
        window.location.reload()
      })
    return (
      <div className="flex flex-col gap-4">
        <Failure failure={failure} />
        <p className="text-base text-pretty wrap-anywhere">{t('other', { email: signedInAs })}</p>
        <Button size="large" busy={busy} onClick={leave}>
          {t('signOut')}
        </Button>
      </div>
    )
  }
  if (known) {
    const address = `/sign-in?next=${encodeURIComponent(`/invite/${token}`)}&email=${encodeURIComponent(email)}`
    return (
      <div className="flex flex-col gap-4">
        <p className="text-base wrap-anywhere">{t('signIn', { email })}</p>
        <ButtonLink look="primary" size="large" href={address}>
          {t('signInAction')}
        </ButtonLink>
      </div>
    )
  }
  return <NewPerson {...props} />
}

function NewPerson({ token, account, email }: Props) {
  const t = useTranslations('identity')
  const { busy, failure, about, onSubmit } = useSubmit(['name', 'password'])
  const join = async ({ name = '', password = '' }: Record<string, string>) => {
    const { slug } = await api.post<{ slug: string }>('invitations/join', { token, name, password })
    await enter('password', { email, password })
    open(slug)
  }
  return (
    <form noValidate className="flex flex-col gap-4" onSubmit={onSubmit(join)}>
      <p className="text-base text-pretty wrap-anywhere">{t('invite.create', { email })}</p>
      <Failure failure={failure} />
      {/* Password managers keep the password under this name. */}
      <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
      <Field label={t('field.name')} error={about('name')}>
        <Input className="h-10 text-base" name="name" autoComplete="name" maxLength={100} autoFocus required />
      </Field>
      <Field
        label={t('field.password')}
        hint={t('field.passwordHint', { least: shortestPassword })}
        error={about('password')}
      >
        <PasswordInput tall name="password" autoComplete="new-password" required />
      </Field>
      <Button type="submit" look="primary" size="large" busy={busy} className="mt-1">
        {t('invite.createAction', { account })}
      </Button>
    </form>
  )
}
