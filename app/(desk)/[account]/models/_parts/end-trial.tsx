/** A trial that has figures is not thrown away by one press. */
'use client'

import { useTranslations } from 'next-intl'
import { type ReactNode, useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { type LearningState, useLearning } from '../_data/learning'

/** The trial that runs: not one that ended, nor the watch of the version in charge. */
export function runningTrial(learning: LearningState | undefined): LearningState['trial'] {
  const trial = learning?.trial
  return trial && trial.ended === null && trial.share < 100 ? trial : null
}

/**
 * Returns how to do what ends the trial that runs, and the dialog for the page.
 * @param own a version whose trial has reached its end by that
 */
export function useEndingTrial(own?: string): { ending: (work: () => void) => void; asked: ReactNode } {
  const t = useTranslations('models.trial')
  const common = useTranslations('common')
  const trial = runningTrial(useLearning().query.data)
  const [go, setGo] = useState<(() => void) | null>(null)
  const close = () => setGo(null)
  return {
    ending: (work) => (trial?.figures.both && trial.versionId !== own ? setGo(() => work) : work()),
    asked: (
      <Dialog
        open={go !== null}
        onOpenChange={(open) => !open && close()}
        title={t('endTitle', { number: trial?.number ?? 0 })}
        footer={
          <>
            <Button onClick={close}>{common('cancel')}</Button>
            <Button
              look="primary"
              onClick={() => {
                close()
                go?.()
              }}
            >
              {t('stop')}
            </Button>
          </>
        }
      >
        <p>{t('endLead', { count: trial?.figures.both ?? 0 })}</p>
      </Dialog>
    ),
  }
}
