/** What the server doubts is said in a dialog, and done when a person wants it all the same. */
'use client'

import { useTranslations } from 'next-intl'
import { type ReactNode, useState } from 'react'
import { ApiError } from '@/app/_ui/api'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { useErrorWords } from '@/app/_ui/error-words'
import { toastError } from '@/app/_ui/toast'
import type { GateFault } from '@/lib/features/learning/gate'
import { BrokenCases } from './broken-cases'
import { FaultList } from './faults'

const doubts = ['not_judged', 'gave_way', 'cases_fail']
/** What a version that is held to the comparison is refused for: the dialog says why, and there is no way past it. */
const refusals = ['gate_failed', 'cases_fail']

/**
 * Returns how to do it, and the dialog for the page. `work` is called with true once somebody has confirmed; `more` stands below
 * what the server said.
 * @param held the version that has to pass the comparison
 */
export function useAnyway(held?: string): {
  attempt: (work: (anyway: boolean) => Promise<unknown>, more?: ReactNode) => Promise<void>
  asked: ReactNode
} {
  const t = useTranslations('models.anyway')
  const common = useTranslations('common')
  const wordsOf = useErrorWords()
  const [doubt, setDoubt] = useState<{ error: unknown; more: ReactNode; go?: () => Promise<void> } | null>(null)
  const attempt = async (
    work: (anyway: boolean) => Promise<unknown>,
    more: ReactNode = null,
    anyway = false,
  ): Promise<void> => {
    try {
      await work(anyway)
    } catch (error) {
      if (held && error instanceof ApiError && refusals.includes(error.code))
        return setDoubt({ error, more: <Refused error={error} versionId={held} /> })
      if (anyway || !(error instanceof ApiError) || !doubts.includes(error.code)) return void toastError(error)
      setDoubt({ error, more, go: () => attempt(work, more, true) })
    }
  }
  const words = doubt && wordsOf(doubt.error)
  const close = () => setDoubt(null)
  return {
    attempt: (work, more) => attempt(work, more),
    asked: (
      <Dialog
        open={doubt !== null}
        onOpenChange={(open) => !open && close()}
        title={words?.title ?? ''}
        footer={
          <>
            <Button onClick={close}>{common(doubt?.go ? 'cancel' : 'close')}</Button>
            {doubt?.go ? (
              <Button
                look="primary"
                onClick={() => {
                  close()
                  void doubt.go?.()
                }}
              >
                {t('go')}
              </Button>
            ) : null}
          </>
        }
      >
        <p>{words?.detail}</p>
        {doubt?.more}
      </Dialog>
    ),
  }
}

function Refused({ error, versionId }: { error: ApiError; versionId: string }) {
  const t = useTranslations('models.anyway')
  if (error.code === 'cases_fail')
    return (
      <>
        <BrokenCases versionId={versionId} />
        <p className="mt-3">{t('cases')}</p>
      </>
    )
  return (
    <>
      <FaultList faults={(error.facts.faults ?? []) as GateFault[]} />
      <p className="mt-3">{t('learn')}</p>
    </>
  )
}
