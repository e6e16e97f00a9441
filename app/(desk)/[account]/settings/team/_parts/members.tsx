/** The list of members: who is there, their role, and taking someone out. */
'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import UserMinus from 'lucide-react/icons/user-minus'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useApi } from '@/app/_ui/account'
import { Avatar } from '@/app/_ui/avatar'
import { IconButton } from '@/app/_ui/button'
import { Chip } from '@/app/_ui/chip'
import { Select } from '@/app/_ui/input'
import { toastError, toastUndo } from '@/app/_ui/toast'
import { canManageBilling } from '@/lib/features/accounts/permissions'
import { type Member, type Myself, type Role, useKeys } from './data'
import { GivePlace, PlacesNote } from './places'
import { RemoveDialog } from './remove-dialog'

/** The same rule as the server's: admins leave owners alone. */
const mayManage = (myself: Myself, member: Member): boolean =>
  Boolean(myself.can.canManageMembers) && (member.role !== 'owner' || Boolean(myself.can.canManageOwners))

interface Reader {
  myself: Myself
  /** Beyond the people that the plan includes: may leave, and changes nothing else here. */
  reads: boolean
}

export function Members({ members, myself, reads }: Reader & { members: Member[] }) {
  const t = useTranslations('team')
  const [leaving, setLeaving] = useState<Member | null>(null)
  return (
    <section aria-labelledby="members">
      <h2 id="members" className="mb-2 text-lg">
        {t('count', { count: members.length })}
      </h2>
      <PlacesNote members={members} myself={myself} />
      <ul className="panel divide-y divide-line">
        {members.map((member) => (
          <MemberRow
            key={member.id}
            member={member}
            myself={myself}
            reads={reads}
            onRemove={() => setLeaving(member)}
          />
        ))}
      </ul>
      <RemoveDialog
        member={leaving}
        self={leaving?.id === myself.membershipId}
        left={myself.seat && canManageBilling(myself) ? members.length - 1 : null}
        onClose={() => setLeaving(null)}
      />
    </section>
  )
}

function MemberRow({ member, myself, reads, onRemove }: Reader & { member: Member; onRemove: () => void }) {
  const t = useTranslations('team')
  const self = member.id === myself.membershipId
  const manages = !reads && mayManage(myself, member)
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5">
      <Avatar name={member.name} size="large" />
      <div className="min-w-0 flex-1 basis-40">
        <p className="truncate font-medium">
          {member.name} {self ? <span className="font-normal text-ink-3">({t('you')})</span> : null}
        </p>
        <p className="truncate text-ink-2">{member.email}</p>
      </div>
      {member.secondFactor ? <Chip tone="outline">{t('twoStep.has')}</Chip> : null}
      {member.here ? (
        <Chip tone={member.availability === 'online' ? 'good' : undefined}>
          {t(member.availability === 'online' ? 'here' : 'away')}
        </Chip>
      ) : null}
      {member.waits ? <Chip tone="warn">{t('places.reads')}</Chip> : null}
      {member.waits?.gives && canManageBilling(myself) ? (
        <GivePlace member={member} gives={member.waits.gives} />
      ) : null}
      <RoleChoice member={member} myself={myself} fixed={!manages} />
      {manages || self ? (
        <IconButton
          label={self ? t('remove.leave') : t('remove.action', { name: member.name })}
          onClick={onRemove}
          className="-me-2"
        >
          <UserMinus aria-hidden />
        </IconButton>
      ) : (
        <span className="w-6" />
      )}
    </li>
  )
}

function RoleChoice({ member, myself, fixed }: { member: Member; myself: Myself; fixed: boolean }) {
  const t = useTranslations('team')
  const name = useTranslations('common.role')
  const api = useApi()
  const client = useQueryClient()
  const keys = useKeys()
  const show = (role: Role) =>
    client.setQueryData<Member[]>(keys.members, (old) =>
      old?.map((one) => (one.id === member.id ? { ...one, role } : one)),
    )
  const change = useMutation({
    mutationFn: (role: Role) => api.patch(`members/${member.id}`, { role }),
    onMutate: (role) => {
      show(role)
      return member.role
    },
    onSuccess: (_answer, role, before) => {
      const back = async () => {
        await api.patch(`members/${member.id}`, { role: before })
        show(before)
      }
      toastUndo(t('roleChanged', { name: member.name, role: name(role) }), back)
      void client.invalidateQueries({ queryKey: keys.myself })
    },
    onError: (error, _role, before) => {
      if (before) show(before)
      toastError(error)
    },
  })
  if (fixed) return <span className="w-28 px-2.5 text-ink-2">{name(member.role)}</span>
  return (
    <Select
      aria-label={t('role', { name: member.name })}
      className="w-28"
      value={member.role}
      onChange={(event) => change.mutate(event.target.value as Role)}
    >
      {myself.grantable.map((role) => (
        <option key={role} value={role}>
          {name(role)}
        </option>
      ))}
    </Select>
  )
}
