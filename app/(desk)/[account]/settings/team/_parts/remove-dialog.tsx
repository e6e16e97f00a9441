/** Asks before someone loses access: it cannot be undone with one press, only by a new invitation. */
'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'
import { useApi } from '@/app/_ui/account'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { toast, toastError } from '@/app/_ui/toast'
import { ChargedPeople } from '../../_parts/charged'
import { type Member, useKeys } from './data'

export function RemoveDialog({
  member,
  self,
  left,
  onClose,
}: {
  member: Member | null
  self: boolean
  /** How many are left, where each is paid for and the reader pays; else null. */
  left: number | null
  onClose: () => void
}) {
  const t = useTranslations('team.remove')
  const common = useTranslations('common')
  const api = useApi()
  const client = useQueryClient()
  const keys = useKeys()
  // While the dialog fades, it still names the one it asked about.
  const last = useRef({ member, self })
  useEffect(() => {
    if (member) last.current = { member, self }
  })
  const shown = member ? { member, self } : last.current
  const name = shown.member?.name ?? ''
  const remove = useMutation({
    mutationFn: (one: Member) => api.delete(`members/${one.id}`),
    onSuccess: () => {
      onClose()
      if (self) return window.location.assign('/accounts')
      toast(t('done', { name }))
      void client.invalidateQueries({ queryKey: keys.members })
    },
    onError: (error) => {
      onClose()
      toastError(error)
    },
  })
  return (
    <Dialog
      open={member !== null}
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={shown.self ? t('leaveTitle') : t('title', { name })}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button look="danger" busy={remove.isPending} onClick={() => member && remove.mutate(member)}>
            {shown.self ? t('leaveConfirm') : t('confirm')}
          </Button>
        </>
      }
    >
      <p className="text-base text-pretty">
        {shown.self ? t('leaveText') : t('text')}{' '}
        {member && left && !self ? <ChargedPeople people={left} name="fewer" /> : null}
      </p>
    </Dialog>
  )
}
