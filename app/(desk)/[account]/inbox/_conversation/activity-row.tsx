/** What was done to the conversation, as one quiet sentence between the messages. */
'use client'

import { useLocale, useTranslations } from 'next-intl'
import { formatTime, Time, useNow } from '@/app/_ui/time'
import type { ActivityLine } from '@/lib/features/conversations/activity'
import type { DeskMessage } from '@/lib/features/conversations/transcript'
import { usePeople } from '../_data/people'

export function ActivityRow({ message }: { message: DeskMessage }) {
  const sentence = useSentence(message)
  if (!sentence) return null
  return (
    <p className="my-1.5 flex items-baseline justify-center gap-2 text-center text-xs text-ink-3">
      <span className="text-balance">{sentence}</span>
      <Time at={message.createdAt} look="clock" className="flex-none" />
    </p>
  )
}

function useSentence({ activity, author }: DeskMessage): string | null {
  const t = useTranslations('inbox.activity')
  const words = useTranslations('inbox')
  const locale = useLocale()
  const now = useNow()
  const { me } = usePeople()
  if (!activity) return null
  const by = author ? (author.id === me ? words('transcript.you') : author.name) : words('transcript.system')
  const list = (names: readonly { name: string }[]) =>
    new Intl.ListFormat(locale).format(names.map((each) => each.name))
  const say: { [Type in ActivityLine['type']]: (line: Extract<ActivityLine, { type: Type }>) => string } = {
    assigned: ({ from, to }) =>
      !to
        ? t('unassigned', { by, from: from?.name ?? '' })
        : to.id === author?.id
          ? t('assignedSelf', { by })
          : t('assigned', { by, to: to.id === me ? words('transcript.you') : to.name }),
    team: ({ from, to }) => (to ? t('team', { by, to: to.name }) : t('noTeam', { by, from: from?.name ?? '' })),
    priority: ({ to }) => t('priority', { by, to: words(`priority.${to}`) }),
    status: ({ to }) => (to === 'snoozed' ? '' : t(to, { by })),
    snoozed: ({ until }) => t('snoozed', { by, until: formatTime(Date.parse(until), locale, now) }),
    awake: () => t('awake'),
    identified: () => t('identified'),
    continued: ({ number }) => t('continued', { number: String(number) }),
    labels: ({ added, removed }) =>
      added.length && removed.length
        ? t('labelsBoth', { by, labels: list(added), removed: list(removed) })
        : added.length
          ? t('labelsAdded', { by, labels: list(added) })
          : t('labelsRemoved', { by, labels: list(removed) }),
  }
  const speak = say[activity.type] as ((line: ActivityLine) => string) | undefined
  return speak?.(activity) || null
}
