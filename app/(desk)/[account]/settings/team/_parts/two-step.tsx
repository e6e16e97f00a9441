/** Two-step sign-in of the team: who lacks it, and the owner's switch that asks it of everybody. */
'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useApi } from '@/app/_ui/account'
import { Field } from '@/app/_ui/field'
import { Switch } from '@/app/_ui/input'
import { toastError, toastUndo } from '@/app/_ui/toast'
import { meKey } from '@/app/(desk)/_shell/session'
import { type Member, type Myself, useKeys } from './data'

export function TwoStep({ members, myself }: { members: Member[]; myself: Myself }) {
  const t = useTranslations('team.twoStep')
  const required = myself.account.secondFactorRequired
  const lacking = members.filter((member) => !member.secondFactor)
  const own = !lacking.some((member) => member.id === myself.membershipId)
  const change = useRequire()
  return (
    <section aria-labelledby="two-step" className="flex flex-col gap-2">
      <h2 id="two-step" className="text-lg">
        {t('title')}
      </h2>
      <p className="text-pretty text-ink-2">{t('lead')}</p>
      {myself.can.canRequireSecondFactor ? (
        <Field inline label={t('ask')} hint={own || required ? t('hint', { count: lacking.length }) : t('own')}>
          <Switch
            checked={required}
            disabled={!own && !required}
            onChange={({ target }) => change.mutate(target.checked)}
          />
        </Field>
      ) : (
        <p>{t(required ? 'asked' : 'free')}</p>
      )}
      <p className="text-xs text-pretty text-ink-3">{t('lost')}</p>
    </section>
  )
}

function useRequire() {
  const t = useTranslations('team.twoStep')
  const api = useApi()
  const client = useQueryClient()
  const keys = useKeys()
  const show = (secondFactorRequired: boolean) =>
    client.setQueryData<Myself>(
      keys.myself,
      (old) => old && { ...old, account: { ...old.account, secondFactorRequired } },
    )
  const put = (required: boolean) => api.put('second-factor', { required })
  return useMutation({
    mutationFn: put,
    onMutate: show,
    onSuccess: (_answer, required) => {
      const back = async () => {
        await put(!required)
        show(!required)
      }
      toastUndo(t(required ? 'nowAsked' : 'nowFree'), back)
      void client.invalidateQueries({ queryKey: meKey })
    },
    onError: (error, required) => {
      show(!required)
      toastError(error)
    },
  })
}
