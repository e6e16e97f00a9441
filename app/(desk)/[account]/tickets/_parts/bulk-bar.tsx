/** What can be done with the selected tickets, all at once; floats where the selection was made. */
'use client'

import CircleCheck from 'lucide-react/icons/circle-check'
import CircleDot from 'lucide-react/icons/circle-dot'
import CirclePause from 'lucide-react/icons/circle-pause'
import Gauge from 'lucide-react/icons/gauge'
import RotateCcw from 'lucide-react/icons/rotate-ccw'
import Tag from 'lucide-react/icons/tag'
import UserRoundPlus from 'lucide-react/icons/user-round-plus'
import UserRoundX from 'lucide-react/icons/user-round-x'
import Users from 'lucide-react/icons/users'
import X from 'lucide-react/icons/x'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Avatar } from '@/app/_ui/avatar'
import { Button, IconButton } from '@/app/_ui/button'
import { Dot } from '@/app/_ui/chip'
import { Combobox } from '@/app/_ui/combobox'
import { useCommand } from '@/app/_ui/keyboard'
import { Menu } from '@/app/_ui/menu'
import { usePeople } from '@/app/(desk)/[account]/inbox/_data/people'
import type { BulkChange } from '@/lib/features/tickets/input'
import { mostAtOnce, priorities } from '@/lib/features/tickets/rules'
import type { Ticket } from '@/lib/flows/list-tickets'
import { useBulk } from '../_data/bulk'
import { PriorityIcon } from './marks'
import type { Selection } from './ticket-table'

const nobody = 'none'

export function BulkBar({
  selection,
  clear,
  statuses,
}: {
  selection: Selection
  clear: () => void
  /** Those of the selected tickets. */
  statuses: ReadonlySet<Ticket['status']>
}) {
  const t = useTranslations('tickets')
  const people = usePeople()
  const run = useBulk()
  const [assigning, setAssigning] = useState(false)
  const ids = Object.keys(selection)
  // The bar goes at once: the rows show what was chosen, and the note about it comes with the answer.
  const act = (change: BulkChange, say: (count: number) => string) => {
    void run(ids, change, say)
    clear()
  }
  const only = (status: Ticket['status']) => statuses.size === 1 && statuses.has(status)
  const allResolved = only('resolved')
  const reopen = () => act({ status: 'open' }, (count) => t('done.reopened', { count }))
  const wait = () => act({ status: 'pending' }, (count) => t('done.pending', { count }))
  const resolve = () => act({ status: 'resolved' }, (count) => t('done.resolved', { count }))
  useCommand('resolve', resolve, !allResolved)
  useCommand('reopen', reopen, !only('open'))
  useCommand('pending', wait, !only('pending'))
  useCommand('assign', () => setAssigning(true))

  const assign = (id: string | null) => {
    const member = people.member(id)
    act({ assigneeId: member ? member.id : null }, (count) =>
      member ? t('done.assigned', { count, name: member.name }) : t('done.unassigned', { count }),
    )
  }
  const move = (id: string | null) => {
    const team = people.team(id)
    act({ teamId: team ? team.id : null }, (count) =>
      team ? t('done.team', { count, name: team.name }) : t('done.noTeam', { count }),
    )
  }
  const workers = people.members.filter((member) => member.role !== 'viewer')
  return (
    <section
      aria-label={t('bulk.label')}
      className="float absolute inset-x-2 bottom-3 z-10 mx-auto flex w-fit max-w-[calc(100%-1rem)] animate-appear items-center gap-1 p-1.5"
    >
      <span
        aria-live="polite"
        className="numbers flex-none px-2 font-medium"
        data-tip={ids.length >= mostAtOnce ? t('select.most', { limit: mostAtOnce }) : undefined}
      >
        {t('select.count', { count: ids.length })}
      </span>
      <span aria-hidden className="h-5 w-px bg-line" />
      <div className="flex min-w-0 items-center gap-1 overflow-x-auto">
        <Combobox
          label={t('bulk.assign')}
          open={assigning}
          onOpenChange={setAssigning}
          value={null}
          onChange={assign}
          items={[
            ...workers.map(({ id, name }) => ({
              value: id,
              label: name,
              icon: <Avatar name={name} className="size-5 text-[0.625rem]" />,
            })),
            { value: nobody, label: t('filter.nobody'), icon: <UserRoundX aria-hidden /> },
          ]}
          trigger={
            <Button look="ghost">
              <UserRoundPlus aria-hidden />
              <span className="max-sm:sr-only">{t('bulk.assign')}</span>
            </Button>
          }
        />
        <Combobox
          label={t('bulk.team')}
          value={null}
          onChange={move}
          items={[
            ...people.teams.map(({ id, name }) => ({ value: id, label: name, icon: <Users aria-hidden /> })),
            { value: nobody, label: t('filter.noTeam') },
          ]}
          trigger={
            <Button look="ghost">
              <Users aria-hidden />
              <span className="max-sm:sr-only">{t('bulk.team')}</span>
            </Button>
          }
        />
        <Menu
          label={t('bulk.priority')}
          items={priorities.map((priority) => ({
            label: t(`priority.${priority}`),
            icon: <PriorityIcon value={priority} />,
            onSelect: () =>
              act({ priority }, (count) =>
                t('done.priority', { count, name: t(`priority.${priority}`).toLowerCase() }),
              ),
          }))}
          trigger={
            <Button look="ghost">
              <Gauge aria-hidden />
              <span className="max-sm:sr-only">{t('bulk.priority')}</span>
            </Button>
          }
        />
        <Combobox
          label={t('bulk.labels')}
          value={null}
          onChange={(id) =>
            id &&
            act({ addLabelIds: [id] }, (count) => t('done.labelled', { count, name: people.label(id)?.name ?? '' }))
          }
          items={people.labels.map(({ id, name, colour }) => ({
            value: id,
            label: name,
            icon: <Dot colour={colour} />,
          }))}
          trigger={
            <Button look="ghost">
              <Tag aria-hidden />
              <span className="max-sm:sr-only">{t('bulk.labels')}</span>
            </Button>
          }
        />
      </div>
      <Menu
        label={t('column.status')}
        items={[
          !only('open') && {
            label: t('bulk.reopen'),
            icon: <RotateCcw aria-hidden />,
            command: 'reopen',
            onSelect: reopen,
          },
          !only('pending') && {
            label: t('bulk.pending'),
            icon: <CirclePause aria-hidden />,
            command: 'pending',
            onSelect: wait,
          },
        ]}
        trigger={
          <Button look="ghost">
            <CircleDot aria-hidden />
            <span className="max-sm:sr-only">{t('column.status')}</span>
          </Button>
        }
      />
      <Button look="primary" onClick={allResolved ? reopen : resolve} className="flex-none">
        {allResolved ? <RotateCcw aria-hidden /> : <CircleCheck aria-hidden />}
        {t(allResolved ? 'bulk.reopen' : 'bulk.resolve')}
      </Button>
      <IconButton label={t('select.clear')} onClick={clear} className="flex-none">
        <X aria-hidden />
      </IconButton>
    </section>
  )
}
