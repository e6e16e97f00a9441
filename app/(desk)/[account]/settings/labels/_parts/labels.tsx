/** The labels page: every label with its colour and use; new ones at the top, changes in place. */
'use client'

import Pencil from 'lucide-react/icons/pencil'
import Tag from 'lucide-react/icons/tag'
import Trash from 'lucide-react/icons/trash-2'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useAccount } from '@/app/_ui/account'
import { IconButton } from '@/app/_ui/button'
import { Dot } from '@/app/_ui/chip'
import { EmptyState, ErrorState, SkeletonRows } from '@/app/_ui/states'
import { toastError, toastUndo } from '@/app/_ui/toast'
import { canManageLabels } from '@/lib/features/accounts/permissions'
import type { LabelDraft } from '@/lib/features/labels/input'
import type { ListedLabel } from '@/lib/features/labels/read'
import type { LabelColour } from '@/lib/features/labels/rules'
import { PageFrame, useMay } from '../../_parts/page-frame'
import { useSettings } from '../../_parts/use-settings'
import { LabelForm } from './label-form'

export function Labels() {
  const t = useTranslations('settings.labels')
  const may = useMay(canManageLabels)
  const { query, api, again } = useSettings<ListedLabel[]>('labels')
  const add = async (draft: LabelDraft) => {
    const { id } = await api.post<{ id: string }>('labels', draft)
    toastUndo(t('added', { name: draft.name }), () => api.delete(`labels/${id}`).then(again))
    await again()
  }
  return (
    <PageFrame title={t('title')} lead={t('lead')} may={may}>
      {may ? <LabelForm onSave={add} /> : null}
      {query.data ? (
        <LabelList labels={query.data} may={may} />
      ) : query.error ? (
        <ErrorState error={query.error} retry={() => query.refetch()} />
      ) : (
        <SkeletonRows rows={4} className="panel" />
      )}
    </PageFrame>
  )
}

function LabelList({ labels, may }: { labels: ListedLabel[]; may: boolean }) {
  const t = useTranslations('settings.labels')
  const { api, again, show } = useSettings<ListedLabel[]>('labels')
  const [editing, setEditing] = useState<string | null>(null)
  if (!labels.length)
    return (
      <EmptyState icon={<Tag />} title={t('emptyTitle')}>
        {t('empty')}
      </EmptyState>
    )
  const change = async (label: ListedLabel, draft: LabelDraft) => {
    await api.patch(`labels/${label.id}`, draft)
    setEditing(null)
    const before = { name: label.name, colour: label.colour }
    toastUndo(t('changed', { name: draft.name }), () => api.patch(`labels/${label.id}`, before).then(again))
    await again()
  }
  const remove = async (label: ListedLabel) => {
    show((old) => old.filter((one) => one.id !== label.id))
    try {
      const { undoId, conversations } = await api.delete<{ undoId: string; conversations: number }>(
        `labels/${label.id}`,
      )
      toastUndo(t('removed', { name: label.name, count: conversations }), () => api.post(`undo/${undoId}`).then(again))
    } catch (error) {
      toastError(error)
    }
    await again()
  }
  return (
    <ul className="panel divide-y divide-line">
      {labels.map((label) =>
        editing === label.id ? (
          <li key={label.id} className="p-3">
            <LabelForm
              start={{ name: label.name, colour: label.colour as LabelColour }}
              onSave={(draft) => change(label, draft)}
              onCancel={() => setEditing(null)}
            />
          </li>
        ) : (
          <LabelRow
            key={label.id}
            label={label}
            may={may}
            onEdit={() => setEditing(label.id)}
            onRemove={() => void remove(label)}
          />
        ),
      )}
    </ul>
  )
}

function LabelRow({
  label,
  may,
  onEdit,
  onRemove,
}: {
  label: ListedLabel
  may: boolean
  onEdit: () => void
  onRemove: () => void
}) {
  const t = useTranslations('settings.labels')
  const account = useAccount()
  return (
    <li className="flex min-h-11 items-center gap-3 ps-4 pe-2">
      <Dot colour={label.colour} className="size-2.5" />
      <span className="min-w-0 flex-1 truncate font-medium">{label.name}</span>
      {label.conversations ? (
        <Link
          href={`/${account}/tickets?label=${label.id}&status=open,pending,snoozed,resolved`}
          className="numbers rounded-sm text-ink-3 hover:text-ink hover:underline"
        >
          {t('used', { count: label.conversations })}
        </Link>
      ) : (
        <span className="text-ink-3">{t('used', { count: 0 })}</span>
      )}
      {may ? (
        <span className="flex">
          <IconButton label={t('edit', { name: label.name })} onClick={onEdit}>
            <Pencil aria-hidden />
          </IconButton>
          <IconButton label={t('remove', { name: label.name })} onClick={onRemove}>
            <Trash aria-hidden />
          </IconButton>
        </span>
      ) : null}
    </li>
  )
}
