/** The routing table on the screen: every change is there at once, saved whole, and can be undone. */
'use client'

import { useTranslations } from 'next-intl'
import { useCallback, useRef } from 'react'
import { ApiError } from '@/app/_ui/api'
import { toast, toastError, toastUndo } from '@/app/_ui/toast'
import type { StoredRule } from '@/lib/features/routing/write'
import type { ReadRouting } from '@/lib/flows/read-routing'
import { useSettings } from '../../_parts/use-settings'

/** A line that may not be stored yet. */
export type Line = Omit<StoredRule, 'id'> & { id?: string }

export function useRouting() {
  const t = useTranslations('settings.routing')
  const { query, api, again, show } = useSettings<ReadRouting>('routing')
  const now = query.data
  // A second change may come before the first is answered: each waits for the one before it, and goes on from its version.
  const turn = useRef<Promise<unknown>>(Promise.resolve())
  const waiting = useRef(0)
  /** True when the table was saved. */
  const save = useCallback(
    async (rules: Line[], said?: string): Promise<boolean> => {
      if (!now) return false
      // Lines without an id stay off the screen until the server has named them.
      show((old) => ({ ...old, rules: rules.filter((rule): rule is StoredRule => rule.id !== undefined) }))
      const put = async () => {
        let version = now.version
        show((old) => {
          version = old.version
          return old
        })
        const saved = await api.put<ReadRouting>('routing', { rules, version })
        show((old) => (waiting.current > 1 ? { ...old, version: saved.version } : saved))
        return saved
      }
      waiting.current++
      const answer = turn.current.then(put)
      turn.current = answer.catch(() => {})
      try {
        const saved = await answer
        const back = async () => {
          const undone = await api.put<ReadRouting>('routing', { rules: now.rules, version: saved.version })
          show(() => undone)
        }
        toastUndo(said ?? t('saved'), back)
        return true
      } catch (error) {
        if (error instanceof ApiError && error.code === 'conflict') toast(t('conflict'))
        else toastError(error)
        await again()
        return false
      } finally {
        waiting.current--
      }
    },
    [now, api, show, again, t],
  )
  return { query, save }
}
