/** The teams page: who works on what; routing sends to them. */
'use client'

import Pencil from 'lucide-react/icons/pencil'
import Plus from 'lucide-react/icons/plus'
import Trash from 'lucide-react/icons/trash-2'
import Users from 'lucide-react/icons/users'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useAccount } from '@/app/_ui/account'
import { Avatar } from '@/app/_ui/avatar'
import { Button, IconButton } from '@/app/_ui/button'
import { EmptyState, ErrorState, SkeletonRows } from '@/app/_ui/states'
import { toastError, toastUndo } from '@/app/_ui/toast'
import { canManageTeams } from '@/lib/features/accounts/permissions'
import type { ListedTeam } from '@/lib/features/teams/read'
import { PageFrame, useMay } from '../../_parts/page-frame'
import { useSettings } from '../../_parts/use-settings'
import { type TeamFields, TeamForm } from './team-form'

const fresh = 'new'

export function Teams() {
  const t = useTranslations('settings.teams')
  const may = useMay(canManageTeams)
  const { query, api, again, show } = useSettings<ListedTeam[]>('teams')
  const [editing, setEditing] = useState<string | null>(null)
  const done = () => setEditing(null)
  const add = async (fields: TeamFields) => {
    const { id } = await api.post<{ id: string }>('teams', fields)
    toastUndo(t('added', { name: fields.name }), () => api.delete(`teams/${id}`).then(again))
    done()
    await again()
  }
  const change = async (team: ListedTeam, fields: TeamFields) => {
    await api.patch(`teams/${team.id}`, fields)
    const before = { name: team.name, memberIds: team.members.map((member) => member.id) }
    toastUndo(t('changed', { name: fields.name }), () => api.patch(`teams/${team.id}`, before).then(again))
    done()
    await again()
  }
  const remove = async (team: ListedTeam) => {
    show((old) => old.filter((one) => one.id !== team.id))
    try {
      const { undoId, conversations } = await api.delete<{ undoId: string; conversations: number }>(`teams/${team.id}`)
      toastUndo(t('removed', { name: team.name, count: conversations }), () => api.post(`undo/${undoId}`).then(again))
    } catch (error) {
      toastError(error)
    }
    await again()
  }
  const begin = (
    <Button look="primary" onClick={() => setEditing(fresh)}>
      <Plus aria-hidden />
      {t('new')}
    </Button>
  )
  return (
    <PageFrame title={t('title')} lead={t('lead')} may={may} action={query.data?.length ? begin : null}>
      {editing === fresh ? (
        <div className="panel p-4">
          <TeamForm onSave={add} onCancel={done} />
        </div>
      ) : null}
      {query.data ? (
        query.data.length ? (
          <ul className="panel divide-y divide-line">
            {query.data.map((team) => (
              <li key={team.id} className="px-4 py-3">
                {editing === team.id ? (
                  <TeamForm
                    start={{ name: team.name, memberIds: team.members.map((member) => member.id) }}
                    onSave={(fields) => change(team, fields)}
                    onCancel={done}
                  />
                ) : (
                  <TeamRow
                    team={team}
                    may={may}
                    onEdit={() => setEditing(team.id)}
                    onRemove={() => void remove(team)}
                  />
                )}
              </li>
            ))}
          </ul>
        ) : editing === fresh ? null : (
          <EmptyState icon={<Users />} title={t('emptyTitle')} action={may ? begin : null}>
            {t('empty')}
          </EmptyState>
        )
      ) : query.error ? (
        <ErrorState error={query.error} retry={() => query.refetch()} />
      ) : (
        <SkeletonRows rows={4} className="panel" />
      )}
    </PageFrame>
  )
}

/** So many faces say who it is; the rest is a number. */
const faces = 5

function TeamRow({
  team,
  may,
  onEdit,
  onRemove,
}: {
  team: ListedTeam
  may: boolean
  onEdit: () => void
  onRemove: () => void
}) {
  const t = useTranslations('settings.teams')
  const account = useAccount()
  const here = team.members.filter((member) => member.here).length
  return (
    <div className="flex items-center gap-3">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{team.name}</p>
        <p className="flex flex-wrap gap-x-2 text-ink-3">
          <span>{t('count', { count: team.members.length })}</span>
          {team.members.length ? (
            <span className={here ? 'text-good-ink' : ''}>{t('here', { count: here })}</span>
          ) : null}
          <Link href={`/${account}/settings/routing`} className="rounded-sm hover:text-ink hover:underline">
            {t('lines', { count: team.lines })}
          </Link>
        </p>
      </div>
      <span className="flex items-center gap-1 max-sm:hidden">
        {team.members.slice(0, faces).map((member) => (
          <span key={member.id} role="img" aria-label={member.name} data-tip={member.name}>
            <Avatar name={member.name} />
          </span>
        ))}
        {team.members.length > faces ? <span className="ps-1 text-ink-3">+{team.members.length - faces}</span> : null}
      </span>
      {may ? (
        <span className="-me-2 flex">
          <IconButton label={t('edit', { name: team.name })} onClick={onEdit}>
            <Pencil aria-hidden />
          </IconButton>
          <IconButton label={t('remove', { name: team.name })} onClick={onRemove}>
            <Trash aria-hidden />
          </IconButton>
        </span>
      ) : null}
    </div>
  )
}
