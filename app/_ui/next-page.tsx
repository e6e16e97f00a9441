/** The next page of a list: asked for when its end comes near, and after a failure only by a press. */
'use client'

import type { InfiniteQueryObserverResult } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { type ReactNode, useCallback, useState } from 'react'
import { Button } from './button'
import { useErrorWords } from './error-words'

type Pages = Pick<
  InfiniteQueryObserverResult,
  'hasNextPage' | 'isFetchingNextPage' | 'isFetchNextPageError' | 'fetchNextPage'
>

/**
 * @param view which list it is: a failure is that one's
 * @returns `near`, to be called when the last rows come near, and what stands below them
 */
export function useNextPage(pages: Pages, view: string): { near: () => void; end: ReactNode } {
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = pages
  // The list forgets its failure when news change a row of it.
  const [failure, setFailure] = useState<{ view: string; error: unknown }>()
  const failed = failure?.view === view ? failure : undefined
  const ask = useCallback(async () => {
    setFailure(undefined)
    const now = await fetchNextPage()
    if (now.isFetchNextPageError) setFailure({ view, error: now.error })
  }, [fetchNextPage, view])
  const wanted = hasNextPage && !isFetchingNextPage && !isFetchNextPageError && !failed
  const near = useCallback(() => {
    if (wanted) void ask()
  }, [wanted, ask])
  return { near, end: failed ? <NotCome error={failed.error} again={() => void ask()} /> : null }
}

function NotCome({ error, again }: { error: unknown; again: () => void }) {
  const t = useTranslations('common')
  const words = useErrorWords()(error)
  return (
    <div role="alert" className="sticky start-0 flex max-w-full flex-wrap items-center justify-center gap-2 px-3 py-3">
      <span className="text-ink-2">{words.title}</span>
      <Button size="small" onClick={again}>
        {t('retry')}
      </Button>
    </div>
  )
}
