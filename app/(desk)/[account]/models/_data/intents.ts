/** The account's intents with their texts, and everything that changes them. */
'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useCallback } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import { toastError, toastUndo } from '@/app/_ui/toast'
import { useIntentName } from '@/app/(desk)/[account]/inbox/_data/people'
import type { IntentChange, IntentThresholds } from '@/lib/features/intents/input'
import type { ListedIntent } from '@/lib/flows/read-intents'

export function useIntentSet() {
  const api = useApi()
  const account = useAccount()
  const client = useQueryClient()
  const query = useQuery({
    queryKey: [account, 'intents'],
    queryFn: ({ signal }) => api.get<{ intents: ListedIntent[] }>('intents', {}, { signal }),
  })
  const again = useCallback(async () => {
    await client.invalidateQueries({ queryKey: [account, 'intents'] })
    void client.invalidateQueries({ queryKey: [account, 'learning'] })
    void client.invalidateQueries({ queryKey: [account, 'examples'] })
  }, [client, account])
  /** Shows a change before it is confirmed. */
  const show = useCallback(
    (change: (old: ListedIntent) => ListedIntent) => {
      const queryKey = [account, 'intents']
      // An answer that is on its way tells of before the change.
      void client.cancelQueries({ queryKey }, { revert: false })
      client.setQueryData<{ intents: ListedIntent[] }>(queryKey, (old) => old && { intents: old.intents.map(change) })
    },
    [client, account],
  )
  return { query, api, again, show }
}

/** Changes one intent and offers the way back. What it returns says whether it was changed. */
export function useChangeIntent() {
  const t = useTranslations('models.intents')
  const { api, again, show } = useIntentSet()
  const nameOf = useIntentName()
  return async (intent: ListedIntent, change: IntentChange, said: 'changed' | 'asideDone' | 'backDone' = 'changed') => {
    const before: IntentChange = Object.fromEntries(
      Object.keys(change).map((key) => [key, intent[key as keyof IntentChange]]),
    )
    const name = change.name ?? nameOf(intent.key)
    let done = false
    show((old) => (old.key === intent.key ? { ...old, ...change } : old))
    try {
      await api.patch(`intents/${intent.key}`, change)
      toastUndo(t(said, { name }), () => api.patch(`intents/${intent.key}`, before).then(again))
      done = true
    } catch (error) {
      toastError(error)
    }
    await again()
    return done
  }
}

/** Asks for as much certainty of each of them, and offers the way back. @param line null: the usual */
export function useSaveLines() {
  const t = useTranslations('models.report.lines')
  const { api, again, show } = useIntentSet()
  const nameOf = useIntentName()
  return async (intents: readonly ListedIntent[], line: number | null) => {
    const keys = new Set(intents.map(({ key }) => key))
    const put = (thresholds: IntentThresholds) =>
      api.put<{ before: IntentThresholds }>('intents/thresholds', { thresholds })
    show((old) => (keys.has(old.key) ? { ...old, threshold: line } : old))
    try {
      const { before } = await put([...keys].map((key) => ({ key, threshold: line })))
      const [first] = intents
      const said = first && intents.length === 1 ? t('savedOne', { name: nameOf(first.key) }) : t('savedAll')
      toastUndo(said, () => put(before).then(again))
    } catch (error) {
      toastError(error)
    }
    await again()
  }
}
