/** A person's accounts as doors, and the form that opens another. */
'use client'

import ChevronRight from 'lucide-react/icons/chevron-right'
import Plus from 'lucide-react/icons/plus'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { api } from '@/app/_ui/api'
import { Avatar } from '@/app/_ui/avatar'
import { Button, ButtonLink } from '@/app/_ui/button'
import { Field } from '@/app/_ui/field'
import { Input } from '@/app/_ui/input'
import { forgetKept } from '@/app/_ui/kept'
import { Failure } from './failure'
import { useSubmit } from './use-submit'

interface Account {
  slug: string
  name: string
  role: 'owner' | 'admin' | 'agent' | 'viewer'
}

/** @param path what a door opens, below the account's address */
export function AccountList({ accounts, operator, path }: { accounts: Account[]; operator: boolean; path: string }) {
  const t = useTranslations('identity.accounts')
  const role = useTranslations('common.role')
  const { busy, failure, run } = useSubmit()
  const [adding, setAdding] = useState(accounts.length === 0)
  const visit = (slug: string) =>
    run(async () => {
      // Remembering is a courtesy: the door opens without it.
      await api.post('me/account', { slug }).catch(() => {})
      window.location.assign(`/${slug}${path}`)
    })
  const signOut = () =>
    run(async () => {
      await api.post('sign-out')
      forgetKept()
      window.location.assign('/sign-in')
    })
  return (
    <div className="flex flex-col gap-5">
      <Failure failure={failure} />
      {accounts.length ? (
        <ul className="panel divide-y divide-line overflow-hidden">
          {accounts.map((account) => (
            <li key={account.slug}>
              <button type="button" className="row gap-3 py-2.5" onClick={() => visit(account.slug)} disabled={busy}>
                <Avatar name={account.name} size="large" shape="square" />
                <span className="min-w-0 flex-1">
                  <span className="block truncate font-medium">{account.name}</span>
                  <span className="block truncate text-xs text-ink-3">
                    {role(account.role)} · /{account.slug}
                  </span>
                </span>
                <ChevronRight aria-hidden className="size-4 flex-none text-ink-3" />
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <p className="text-base text-pretty text-ink-2">{t('empty')}</p>
      )}
      {adding ? (
        <NewAccount first={accounts.length === 0} path={path} />
      ) : (
        <Button onClick={() => setAdding(true)} className="self-start">
          <Plus aria-hidden />
          {t('new')}
        </Button>
      )}
      <div className="-mb-2 flex flex-wrap gap-1 border-t border-line pt-4 *:first:-ms-3 *:last:-me-3">
        {operator ? (
          <ButtonLink look="ghost" href="/operator/revenue">
            {t('operator')}
          </ButtonLink>
        ) : null}
        <span className="flex-1" />
        <Button look="ghost" onClick={signOut}>
          {t('signOut')}
        </Button>
      </div>
    </div>
  )
}

function NewAccount({ first, path }: { first: boolean; path: string }) {
  const t = useTranslations('identity')
  const { busy, failure, about, onSubmit } = useSubmit(['name'])
  const open = async ({ name = '' }: Record<string, string>) => {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
    const { slug } = await api.post<{ slug: string }>('accounts', { name, timeZone })
    window.location.assign(`/${slug}${path}`)
  }
  return (
    <form noValidate className="flex animate-appear flex-col gap-3" onSubmit={onSubmit(open)}>
      <h2 className="text-lg">{t(first ? 'accounts.first' : 'accounts.new')}</h2>
      <Failure failure={failure} />
      <Field label={t('field.business')} hint={t('field.businessHint')} error={about('name')}>
        <Input className="h-10 text-base" name="name" autoComplete="organization" maxLength={100} autoFocus required />
      </Field>
      <Button type="submit" look="primary" size="large" busy={busy}>
        {t('accounts.action')}
      </Button>
    </form>
  )
}
