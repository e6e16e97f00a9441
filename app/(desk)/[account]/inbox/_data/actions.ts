/** What an agent does to a conversation: shown at once, confirmed by the server, taken back with one press. */
'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useFormatter, useLocale, useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import { formatTime } from '@/app/_ui/time'
import { toastError, toastUndo } from '@/app/_ui/toast'
import type { ConversationState, Priority } from '@/lib/features/conversations/activity'
import type { Changed } from '@/lib/features/conversations/change'
import type { ConversationRow } from '@/lib/features/conversations/row'
import { patchConversation } from './conversation'
import { patchRow } from './list'
import { peopleQuery, usePeople } from './people'

type Patch = Partial<ConversationRow>

/** The part of a row that the server's answer holds. */
const patchOf = (state: ConversationState): Patch => ({ ...state })

export function useActions(conversation: Pick<ConversationRow, 'id' | 'displayId'> | undefined) {
  const t = useTranslations('inbox.done')
  const words = useTranslations('inbox.priority')
  const api = useApi()
  const account = useAccount()
  const client = useQueryClient()
  const people = usePeople()
  const locale = useLocale()
  const format = useFormatter()
  return useMemo(() => {
    const show = (patch: Patch) => {
      if (!conversation) return () => {}
      const backs = [
        patchRow(client, account, conversation.id, patch, people.me),
        patchConversation(client, account, conversation.displayId, patch),
      ]
      return () => {
        for (const back of backs) back()
      }
    }
    const act = async (name: string, body: object, patch: Patch, done: string): Promise<boolean> => {
      if (!conversation) return false
      const back = show(patch)
      try {
        const path = `conversations/${conversation.id}`
        const changed = await api.post<Changed & { previousLabelIds?: string[] }>(`${path}/${name}`, body)
        const { changeId, previousLabelIds } = changed
        if (!changeId) return true
        toastUndo(done, async () => {
          const undone = await api.post<Changed>(`${path}/undo`, { changeId })
          show({ ...patchOf(undone.conversation), ...(previousLabelIds ? { labelIds: previousLabelIds } : {}) })
        })
        return true
      } catch (error) {
        back()
        toastError(error)
        return false
      }
    }
    const assign = (assigneeId: string | null, name = people.member(assigneeId)?.name ?? '') =>
      act(
        'assign',
        { assigneeId },
        { assigneeId, ...(assigneeId ? { needsPerson: false } : {}) },
        assigneeId ? t('assigned', { name }) : t('unassigned'),
      )
    return {
      assign,
      /** To oneself. A key may be pressed before it is known here who that is. */
      take: async () => {
        try {
          const { me, members } = await client.ensureQueryData(peopleQuery(api, account))
          return await assign(me, members.find(({ id }) => id === me)?.name)
        } catch (error) {
          toastError(error)
          return false
        }
      },
      team: (teamId: string | null) =>
        act(
          'team',
          { teamId },
          { teamId, ...(teamId ? { needsPerson: false } : {}) },
          teamId ? t('team', { name: people.team(teamId)?.name ?? '' }) : t('noTeam'),
        ),
      priority: (priority: Priority) =>
        act('priority', { priority }, { priority }, t('priority', { name: words(priority) })),
      labels: (labelIds: string[]) => act('labels', { labelIds }, { labelIds }, t('labels')),
      status: (status: 'open' | 'pending' | 'resolved') =>
        act(
          'status',
          { status },
          { status, snoozedUntil: null, ...(status === 'resolved' ? { waitingSince: null, needsPerson: false } : {}) },
          t(status),
        ),
      /** The newest message is to be unread again. */
      unread: async (lastSequence: number) => {
        if (!conversation) return
        const back = show({ unread: true })
        try {
          await api.post(`conversations/${conversation.id}/read`, { sequence: lastSequence - 1, back: true })
        } catch (error) {
          back()
          toastError(error)
        }
      },
      snooze: (until: Date) => {
        const time = formatTime(until.getTime(), locale, Date.now())
        return act(
          'snooze',
          { until: until.toISOString() },
          { status: 'snoozed', snoozedUntil: until.toISOString() },
          t('snoozed', {
            time:
              until.getTime() - Date.now() > 86_400_000
                ? format.dateTime(until, {
                    month: 'short',
                    day: 'numeric',
                    hour: '2-digit',
                    minute: '2-digit',
                    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
                  })
                : time,
          }),
        )
      },
    }
  }, [conversation, t, words, api, account, client, people, locale, format])
}

export type Actions = ReturnType<typeof useActions>
