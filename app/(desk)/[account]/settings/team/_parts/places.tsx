/** Where the plan includes fewer people than there are: who reads only is said, and an owner gives a place to another. */
'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useAccount, useApi } from '@/app/_ui/account'
import { Button } from '@/app/_ui/button'
import { toast, toastError } from '@/app/_ui/toast'
import { canManageBilling } from '@/lib/features/accounts/permissions'
import { type Member, type Myself, useKeys } from './data'

export function PlacesNote({ members, myself }: { members: Member[]; myself: Myself }) {
  const t = useTranslations('team.places')
  const account = useAccount()
  const waiting = members.filter(({ waits }) => waits)
  const [first] = waiting
  if (!first?.waits) return null
  const pays = canManageBilling(myself)
  return (
    <p className="mb-3 rounded-md border border-warn-line bg-warn-soft px-3 py-2 text-pretty text-warn-ink">
      {t('lead', { places: first.waits.places, count: waiting.length })}{' '}
      {pays ? (
        <>
          {first.waits.gives ? `${t('choose', { name: first.waits.gives })} ` : ''}
          <Link href={`/${account}/settings/billing`} className="font-medium underline">
            {t('plans')}
          </Link>
        </>
      ) : (
        t('owner')
      )}
    </p>
  )
}

export function GivePlace({ member, gives }: { member: Member; gives: string }) {
  const t = useTranslations('team.places')
  const api = useApi()
  const client = useQueryClient()
  const keys = useKeys()
  const give = useMutation({
    mutationFn: () => api.put(`members/${member.id}/place`, {}),
    onSuccess: () => {
      toast(t('given', { name: member.name, other: gives }))
      void client.invalidateQueries({ queryKey: keys.members })
    },
    onError: (error) => void toastError(error),
  })
  return (
    <Button
      size="small"
      busy={give.isPending}
      onClick={() => give.mutate()}
      aria-label={t('giveName', { name: member.name, other: gives })}
      data-tip={t('tip', { other: gives })}
    >
      {t('give')}
    </Button>
  )
}
